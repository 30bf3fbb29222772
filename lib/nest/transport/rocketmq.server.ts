import { EventEmitter } from 'node:events';
import { Server, type BaseRpcContext, type CustomTransportStrategy, type MessageHandler, type ReadPacket } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { RocketPushConsumer } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { ConsumerMetadata, RegisteredHandler } from '../consuming/consumer-definition.js';
import { ROCKET_EXTRAS } from '../consuming/consumer-definition.js';
import { describeError } from '../consuming/decision.js';
import type { ConsumeFailure, GroupConsumer } from '../consuming/group-consumer.js';
import type { HookRunner } from '../consuming/handler-runner.js';
import { rocketTransport } from '../module/tokens.js';
import { parseDestination } from '../producer/message-factory.js';

/** States a {@link RocketMQServer} reports through `status`. */
export const RocketMQStatus = {
  /** All consumers have been started. */
  CONNECTED: 'connected',
  /** Intake has stopped, running handlers end. */
  DRAINING: 'draining',
  DISCONNECTED: 'disconnected',
} as const;
export type RocketMQStatus = (typeof RocketMQStatus)[keyof typeof RocketMQStatus];

/** Events of a {@link RocketMQServer}; listeners must not throw. */
export interface RocketMQServerEvents extends Record<string, (...args: never[]) => void> {
  /** A message was not consumed: it will be delivered again, is dropped, or becomes a dead letter. */
  failed: (failure: ConsumeFailure) => void;
}

/** Makes and remembers nothing: turns handlers into started-able consumers. Implemented by the module's assembly. */
export interface ConsumerAssembly {
  readonly cluster: string;
  assemble(handlers: readonly RegisteredHandler[], runWithHooks: HookRunner, onFailure: (failure: ConsumeFailure) => void): GroupConsumer[];
}

/**
 * Nest transport strategy of one cluster: handlers of one consumer group share a consumer. Made by `RocketMQModule`; get it
 * by injection or through `rocketMicroservice()`.
 *
 * Consumption starts when both has happened: Nest called `listen`, and the application finished its bootstrap hooks.
 */
export class RocketMQServer extends Server<RocketMQServerEvents, RocketMQStatus> implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;

  readonly #assembly: ConsumerAssembly;
  readonly #handlers: RegisteredHandler[] = [];
  readonly #events = new EventEmitter();
  #consumers: readonly GroupConsumer[] = [];
  #listening = false;
  #applicationReady = false;
  #beginning: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  /** Whether anybody set a processing hook; without, handlers run straight away. */
  #hasHooks = false;

  constructor(assembly: ConsumerAssembly) {
    super();
    this.#assembly = assembly;
    this.setTransportId(rocketTransport(assembly.cluster));
  }

  /** Name of the cluster. */
  get cluster(): string {
    return this.#assembly.cluster;
  }

  /** Whether any handler was registered, that is: whether an application is connected to this server. */
  get hasHandlers(): boolean {
    return this.#handlers.length > 0;
  }

  /** Groups consumed from, once started. */
  get groups(): readonly string[] {
    return this.#consumers.map(({ plan }) => plan.group);
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, unknown> = {}): void {
    callback.isEventHandler = isEventHandler;
    callback.extras = extras;
    this.#handlers.push(registeredFrom(pattern, callback, isEventHandler, extras[ROCKET_EXTRAS] as ConsumerMetadata | undefined));
    // For getHandlers() and handleEvent() only; the super class would chain handlers of one pattern to run together.
    const route = this.normalizePattern(pattern as string);
    this.messageHandlers.set(this.messageHandlers.has(route) ? `${route}#${this.#handlers.length}` : route, callback);
  }

  override setOnProcessingStartHook(hook: Parameters<Server['setOnProcessingStartHook']>[0]): void {
    this.#hasHooks = true;
    super.setOnProcessingStartHook(hook);
  }

  override setOnProcessingEndHook(hook: Parameters<Server['setOnProcessingEndHook']>[0]): void {
    this.#hasHooks = true;
    super.setOnProcessingEndHook(hook);
  }

  /** Never rejects, since Nest does not look: errors go to the callback. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    this.#listening = true;
    try {
      await this.#beginWhenReady();
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  /** Called by the module after all bootstrap hooks. @throws what prevents the start of consumers */
  async applicationReady(): Promise<void> {
    this.#applicationReady = true;
    await this.#beginWhenReady();
  }

  /** Stops intake, waits for running handlers (bounded), commits offsets, leaves the groups. Repeated calls await the first. */
  override close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  /** Stops deliveries to a group's handlers until {@link resume}; queues stay assigned. */
  pause(group: string): void {
    this.consumerOf(group).suspend();
  }

  resume(group: string): void {
    this.consumerOf(group).resume();
  }

  /** The consumer of a group. @throws RocketMqError `OPTION_INVALID` for an unknown group */
  consumerOf(group: string): RocketPushConsumer {
    const found = this.#consumers.find(({ plan }) => plan.group === group);
    if (found === undefined) {
      throw new RocketMqError('OPTION_INVALID', `no started consumer of group "${group}" on cluster "${this.cluster}"; there are: ${this.groups.join(', ') || 'none'}`);
    }
    return found.consumer;
  }

  override on<K extends keyof RocketMQServerEvents>(event: K, callback: RocketMQServerEvents[K]): void {
    this.#events.on(String(event), callback as (failure: ConsumeFailure) => void);
  }

  /** The consumers by group: `unwrap<Map<string, RocketPushConsumer>>()`. */
  override unwrap<T>(): T {
    return new Map(this.#consumers.map(({ plan, consumer }) => [plan.group, consumer])) as T;
  }

  /** Runs the handler of a pattern to its end. @throws what the handler threw, or RocketMqError `HANDLER_MISSING` */
  override async handleEvent(pattern: string, packet: ReadPacket, context: BaseRpcContext): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern);
    if (handler === null) throw new RocketMqError('HANDLER_MISSING', `no handler for the pattern ${JSON.stringify(pattern)}`);
    return this.#runWithHooks(context, async () => {
      const result: unknown = await handler(packet.data, context);
      return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
    });
  }

  async #beginWhenReady(): Promise<void> {
    if (!this.#listening || !this.#applicationReady || this.#closing !== undefined) return;
    this.#beginning ??= this.#begin();
    await this.#beginning;
  }

  async #begin(): Promise<void> {
    this.#consumers = this.#assembly.assemble(
      this.#handlers,
      (context, work) => this.#runWithHooks(context, work),
      (failure) => this.#announce(failure),
    );
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
    this._status$.next(RocketMQStatus.CONNECTED);
    for (const { plan } of this.#consumers) {
      const topics = [...plan.subscriptions].map(([topic, { expression }]) => `${topic}[${expression}]`);
      this.logger.log(`group "${plan.group}" consumes ${topics.join(', ')} on cluster "${this.cluster}"`);
    }
  }

  async #drain(): Promise<void> {
    await this.#beginning?.catch(() => undefined);
    this._status$.next(RocketMQStatus.DRAINING);
    const results = await Promise.allSettled(this.#consumers.map((consumer) => consumer.shutdown()));
    results.forEach((result, index) => {
      if (result.status === 'rejected') {
        this.logger.error(`the consumer of group "${this.#consumers[index].plan.group}" could not be shut down properly: ${describeError(result.reason)}`);
      }
    });
    this._status$.next(RocketMQStatus.DISCONNECTED);
  }

  #announce(failure: ConsumeFailure): void {
    try {
      this.#events.emit('failed', failure);
    } catch (error) {
      this.logger.error(`a listener of "failed" threw: ${describeError(error)}`);
    }
  }

  /** The hooks decide when to call `done` and what to return, so the result travels on a promise of our own. */
  #runWithHooks(context: BaseRpcContext, work: () => Promise<unknown>): Promise<unknown> {
    if (!this.#hasHooks) return work();
    return new Promise((resolve, reject) => {
      const done = async (): Promise<void> => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        } finally {
          this.onProcessingEndHook?.(this.transportId as symbol, context);
        }
      };
      try {
        const started: unknown = this.onProcessingStartHook(this.transportId as symbol, context, done);
        Promise.resolve(started).catch(reject);
      } catch (error) {
        reject(error);
      }
    });
  }
}

/** A plain `@EventPattern`/`@MessagePattern` names `topic` or `topic:tags`, and belongs to the default group. */
function registeredFrom(pattern: unknown, handler: MessageHandler, isEventHandler: boolean, metadata: ConsumerMetadata | undefined): RegisteredHandler {
  if (metadata !== undefined) return { place: metadata.place, handler, reply: metadata.reply, options: metadata.options };
  const place = `${isEventHandler ? '@EventPattern' : '@MessagePattern'}(${JSON.stringify(pattern)})`;
  return {
    place,
    handler,
    reply: !isEventHandler,
    options: () => {
      if (typeof pattern !== 'string') {
        throw new RocketMqError('OPTION_INVALID', 'RocketMQ patterns are texts, "topic" or "topic:tag"; or give the handler another transport as second argument');
      }
      const { topic, tag } = parseDestination(pattern);
      return { topic, tags: tag };
    },
  };
}
