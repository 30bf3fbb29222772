import type { RocketProducer, SendOptions, SendResult } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt } from '../../protocol/message/message.js';
import type { Clock } from '../../runtime/clock.js';
import type { PayloadCodec } from '../codec/payload-codec.js';
import { RemoteHandlerError } from '../exceptions/remote-handler.exception.js';
import { REPLY_ERROR_PROPERTY } from '../property-names.js';
import { createMessage } from './message-factory.js';
import type { RocketMessageOptions } from './rocket-record.js';

/** Choices for one send: of the message, and of the way it is sent. */
export interface RocketSendOptions extends RocketMessageOptions, SendOptions {
  /** Writes this payload; default: the cluster's codec. */
  readonly codec?: PayloadCodec;
}

/** A message in one piece: destination, payload and options. */
export interface RocketOutgoingMessage<T = unknown> extends RocketSendOptions {
  /** `topic` or `topic:tag`. */
  readonly destination: string;
  readonly payload: T;
}

/** Choices for one request. */
export interface RocketRequestOptions extends Omit<RocketSendOptions, 'queue' | 'selector'> {
  /** Time until the reply must be here, ms; default: the cluster's `replyTimeoutMs`. */
  readonly timeoutMs?: number;
}

/**
 * Sends messages to one cluster. Destinations are `topic` or `topic:tag`; payloads are written by the codec (JSON unless
 * configured), and may be a `RocketRecord`.
 *
 *     const { msgId, queueOffset } = await this.rocket.send('orders:paid', dto, { keys: dto.id });
 */
export class RocketTemplate {
  #starting: Promise<void> | undefined;
  #started = false;

  constructor(
    /** The producer underneath, for what the template does not offer. */
    readonly producer: RocketProducer,
    private readonly codec: PayloadCodec,
    private readonly clock: Clock,
    private readonly replyTimeoutMs: number,
  ) {}

  /** Connects; called by the module, and by the first send if that comes earlier. A failed start may be tried again. */
  async start(): Promise<void> {
    if (this.#started) return;
    this.#starting ??= this.producer.start().then(
      () => {
        this.#started = true;
      },
      (error: unknown) => {
        this.#starting = undefined;
        throw error;
      },
    );
    await this.#starting;
  }

  /** Waits for sends in flight and closes; called by the module after all consumers have stopped. */
  async close(): Promise<void> {
    if (this.#starting === undefined) return;
    await this.#starting.catch(() => undefined);
    if (!this.#started) return;
    this.#started = false;
    this.#starting = Promise.reject(new RocketMqError('CLIENT_CLOSED', 'the application is shutting down: this RocketTemplate is closed'));
    this.#starting.catch(() => undefined);
    await this.producer.shutdown();
  }

  /** Sends and resolves when the broker has stored the message. @throws RocketMqError as the producer does */
  send<T>(destination: string, payload: T, options?: RocketSendOptions): Promise<SendResult>;
  send<T>(message: RocketOutgoingMessage<T>): Promise<SendResult>;
  async send(target: string | RocketOutgoingMessage, payload?: unknown, options: RocketSendOptions = {}): Promise<SendResult> {
    if (typeof target !== 'string') return this.send(target.destination, target.payload, target);
    const message = this.#message(target, payload, options);
    if (!this.#started) await this.start();
    return this.producer.send(message, options);
  }

  /** Sends payloads of one topic as one request: all are stored or none. Options apply to each; records may carry their own. */
  async sendBatch<T>(destination: string, payloads: readonly T[], options: RocketSendOptions = {}): Promise<SendResult> {
    const messages = payloads.map((payload) => this.#message(destination, payload, options));
    if (!this.#started) await this.start();
    return this.producer.sendBatch(messages, options);
  }

  /** Sends without waiting for the broker: fastest, and lost without notice when the broker is down. */
  async sendOneway<T>(destination: string, payload: T, options: RocketSendOptions = {}): Promise<void> {
    const message = this.#message(destination, payload, options);
    if (!this.#started) await this.start();
    await this.producer.sendOneway(message, options);
  }

  /**
   * Sends a request and waits for the value that the handler returns.
   * @throws RemoteHandlerError with what the handler's side answered; RocketMqError `REQUEST_TIMEOUT` without an answer in time
   */
  async request<R, T = unknown>(destination: string, payload: T, options: RocketRequestOptions = {}): Promise<R> {
    const message = this.#message(destination, payload, options);
    if (!this.#started) await this.start();
    const reply = await this.producer.request(message, options.timeoutMs ?? this.replyTimeoutMs);
    const value = (options.codec ?? this.codec).decode(reply.body, reply);
    if (reply.properties[REPLY_ERROR_PROPERTY] !== undefined) throw new RemoteHandlerError(value);
    return value as R;
  }

  /** Answers a received request; used by the server for handlers with a reply. */
  async reply(request: MessageExt, value: unknown, options: { readonly codec?: PayloadCodec; readonly isError?: boolean } = {}): Promise<SendResult> {
    const body = (options.codec ?? this.codec).encode(value === undefined ? null : value);
    if (!this.#started) await this.start();
    return this.producer.reply(request, body, options.isError ? { [REPLY_ERROR_PROPERTY]: '1' } : undefined);
  }

  #message(destination: string, payload: unknown, options: RocketSendOptions) {
    return createMessage(destination, payload, options, options.codec ?? this.codec, this.clock);
  }
}
