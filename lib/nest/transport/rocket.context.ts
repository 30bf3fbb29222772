import { BaseRpcContext } from '@nestjs/microservices';
import type { ListenerContext } from '../../client/types.js';
import type { Claim } from '../../idempotency/idempotency-store.js';
import type { MessageExt, MessageQueue } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import type { ConsumerDefinition } from '../consuming/consumer-definition.js';
import type { ConsumeMode } from '../module/rocketmq-options.js';

/** Facts of the delivery that a handler, guard, pipe, interceptor or filter may want. */
export class RocketContext extends BaseRpcContext<MessageExt[]> {
  /** Error of the handler or a pipe before any exception filter changed it; for interceptors and filters. */
  error: unknown;
  /** With `@Idempotent`: the claim, whose fencing `token` can be passed to systems that refuse an overtaken holder. */
  claim: Claim | undefined;
  /** With `@Idempotent`, once its interceptor has run: the work was done before, the handler was not called. */
  isDuplicate = false;

  readonly #definition: ConsumerDefinition;
  readonly #listener: ListenerContext;
  readonly #maxReconsumeTimes: number;
  #timeout: AbortController | undefined;
  /** The combined one; made when somebody asks, since most handlers do not and it costs as much as a handler call. */
  #signal: AbortSignal | undefined;
  #lostClaim: AbortSignal | undefined;

  constructor(messages: readonly MessageExt[], definition: ConsumerDefinition, listener: ListenerContext, maxReconsumeTimes: number) {
    // The base class wants a mutable array; nobody changes it.
    super(messages as MessageExt[]);
    this.#definition = definition;
    this.#listener = listener;
    this.#maxReconsumeTimes = maxReconsumeTimes;
  }

  /** The message; of a batch, its first. */
  get message(): MessageExt {
    return this.args[0];
  }

  /** All messages of this call; more than one only for batch handlers. */
  get messages(): readonly MessageExt[] {
    return this.args;
  }

  /** Whether the payload is an array of several messages. */
  get isBatch(): boolean {
    return this.#definition.batch !== undefined;
  }

  get mode(): ConsumeMode {
    return this.#definition.mode;
  }

  get topic(): string {
    return this.#definition.topic;
  }

  get tag(): string | undefined {
    return this.message.properties[PROPERTY.TAGS];
  }

  /** Business keys. */
  get keys(): readonly string[] {
    const keys = this.message.properties[PROPERTY.KEYS];
    return keys === undefined || keys === '' ? [] : keys.split(' ');
  }

  get msgId(): string {
    return this.message.msgId;
  }

  /** Queue the message came from. */
  get queue(): MessageQueue {
    return this.#listener.messageQueue;
  }

  get properties(): Readonly<Record<string, string>> {
    return this.message.properties;
  }

  /** Consumer group of the handler. */
  get group(): string {
    return this.#definition.group;
  }

  /** `Class.method` of the handler. */
  get handler(): string {
    return this.#definition.place;
  }

  /** Failed deliveries before this one; 0 for the first. */
  get reconsumeTimes(): number {
    return this.message.reconsumeTimes;
  }

  /** Whether a failure of this delivery sends the message to the dead-letter topic. */
  get isLastAttempt(): boolean {
    return this.#maxReconsumeTimes >= 0 && this.reconsumeTimes >= this.#maxReconsumeTimes;
  }

  /**
   * Fires when the handler ran longer than its `timeoutMs`, when its queue was taken away, when shutdown no longer waits,
   * and, with `@Idempotent`, when the claim was lost. Hand it to `fetch`, database drivers and the like.
   */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#timeout ??= new AbortController();
      const signals = [this.#listener.signal, this.#timeout.signal];
      this.#signal = AbortSignal.any(this.#lostClaim === undefined ? signals : [...signals, this.#lostClaim]);
    }
    return this.#signal;
  }

  /** @internal Fires {@link signal} because of a timeout. */
  abort(reason: unknown): void {
    this.#timeout ??= new AbortController();
    this.#timeout.abort(reason);
  }

  /** @internal Another reason for {@link signal} to fire. */
  alsoAbortOn(signal: AbortSignal): void {
    this.#lostClaim = signal;
    // An interceptor further out may have asked for the signal already.
    if (this.#signal !== undefined) signal.addEventListener('abort', () => this.abort(signal.reason), { once: true });
  }

  property(name: string): string | undefined {
    return this.message.properties[name];
  }
}
