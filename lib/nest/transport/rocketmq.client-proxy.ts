import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Observable, ReplaySubject } from 'rxjs';
import type { ProducerOptions, RocketProducer, SendResult } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { SystemClock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { jsonCodec, type PayloadCodec } from '../codec/payload-codec.js';
import type { RocketClientFactory } from '../client-factory.js';
import { describeError } from '../consuming/decision.js';
import { NativeClientFactory } from '../native-client-factory.js';
import { NestLoggerAdapter } from '../nest-logger.js';
import { RocketRecord } from '../producer/rocket-record.js';
import { RocketTemplate } from '../producer/rocket-template.js';

/** Options of a client that owns its connection, e.g. in `ClientsModule.register([{ name, customClass: RocketMQClientProxy, options }])`. */
export interface RocketMQClientOptions extends ProducerOptions {
  readonly codec?: PayloadCodec;
  /** Time `send` waits for a reply, ms; default 5000. */
  readonly replyTimeoutMs?: number;
  readonly clientFactory?: RocketClientFactory;
}

/**
 * Nest's `ClientProxy` over RocketMQ. Patterns are destinations, `topic` or `topic:tag`; payloads may be a `RocketRecord`.
 * - `emit` sends at once and resolves to the `SendResult`; an error that nobody subscribed for is logged.
 * - `send` is request-reply, with a timeout.
 */
export class RocketMQClientProxy extends ClientProxy {
  readonly #template: RocketTemplate;
  readonly #ownsTemplate: boolean;
  readonly #logger: Logger = new NestLoggerAdapter('RocketMQClientProxy');

  constructor(options: RocketMQClientOptions | { readonly template: RocketTemplate }) {
    super();
    this.#ownsTemplate = !('template' in options);
    this.#template = 'template' in options ? options.template : createTemplate(options, this.#logger);
  }

  override async connect(): Promise<void> {
    await this.#template.start();
    this._status$.next('connected');
  }

  override async close(): Promise<void> {
    if (this.#ownsTemplate) await this.#template.close();
    this._status$.next('disconnected');
  }

  /** The producer underneath: `unwrap<RocketProducer>()`. */
  override unwrap<T = RocketProducer>(): T {
    return this.#template.producer as T;
  }

  /** Hot, like the base class's, but late subscribers get the result too and unobserved errors are logged. */
  override emit<TResult = SendResult, TInput = unknown>(pattern: unknown, data: TInput): Observable<TResult> {
    if (pattern === undefined || pattern === null || data === undefined || data === null) return super.emit(pattern, data);
    const outcome = new ReplaySubject<TResult>(1);
    let observed = false;
    this.#emitNow<TResult>(pattern, data).then(
      (result) => {
        outcome.next(result);
        outcome.complete();
      },
      (error: unknown) => {
        if (!observed) this.#logger.error(`emit(${JSON.stringify(pattern)}) failed and nobody subscribed to its result: ${describeError(error)}`, { error });
        outcome.error(error);
      },
    );
    return new Observable((subscriber) => {
      observed = true;
      return outcome.subscribe(subscriber);
    });
  }

  protected override async dispatchEvent<T>({ pattern, data, metadata }: ReadPacket): Promise<T> {
    return (await this.#template.send(destinationOf(pattern), withMetadata(data, metadata))) as T;
  }

  protected override publish({ pattern, data, metadata }: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    let subscribed = true;
    const answer = (packet: WritePacket): void => {
      if (subscribed) callback(packet);
    };
    Promise.resolve()
      .then(() => this.#template.request(destinationOf(pattern), withMetadata(data, metadata)))
      .then(
        (response) => answer({ response, isDisposed: true }),
        (err: unknown) => answer({ err }),
      );
    return () => {
      subscribed = false;
    };
  }

  async #emitNow<T>(pattern: unknown, data: unknown): Promise<T> {
    await this.connect();
    return this.dispatchEvent<T>(this.createPacket(pattern, data));
  }
}

function createTemplate(options: RocketMQClientOptions, logger: Logger): RocketTemplate {
  const { codec = jsonCodec, replyTimeoutMs = 5000, clientFactory = new NativeClientFactory(), ...producer } = options;
  return new RocketTemplate(clientFactory.createProducer({ logger, ...producer }), codec, new SystemClock(), replyTimeoutMs);
}

function destinationOf(pattern: unknown): string {
  if (typeof pattern === 'string') return pattern;
  throw new RocketMqError('MESSAGE_ILLEGAL', `the pattern ${JSON.stringify(pattern)} is no destination; RocketMQ patterns are texts, "topic" or "topic:tag"`);
}

/** Metadata of Nest's dispatch hook (trace ids and the like) travels as properties. */
function withMetadata(data: unknown, metadata: Record<string, string> | undefined): unknown {
  if (metadata === undefined) return data;
  const record = data instanceof RocketRecord ? data : new RocketRecord(data, {});
  return new RocketRecord(record.data, { ...record.options, properties: { ...record.options.properties, ...metadata } });
}
