import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import type { ClientOptions, ConsumeFromWhere, MessageModel, ProducerOptions, PushConsumerOptions } from '../../client/types.js';
import type { PayloadCodec } from '../codec/payload-codec.js';
import type { RocketClientFactory } from '../client-factory.js';
import type { RocketIdempotencyOptions } from '../idempotency/idempotency-options.js';

/** Order of a consumer: several messages of a queue side by side, or one after another. */
export type ConsumeMode = 'CONCURRENTLY' | 'ORDERLY';

/** What every consumer of a cluster has unless its decorator says otherwise. */
export interface RocketConsumerDefaults extends Omit<PushConsumerOptions, keyof ClientOptions | 'group' | 'consumeMessageBatchMaxSize'> {
  /** Group of handlers that name none, and of plain `@EventPattern`/`@MessagePattern` handlers. */
  readonly group?: string;
  /** Default CONCURRENTLY. */
  readonly mode?: ConsumeMode;
  /** Longest run of a handler, ms; 0 or absent: unlimited. */
  readonly timeoutMs?: number;
}

/** One RocketMQ cluster. */
export interface RocketClusterOptions extends Omit<ClientOptions, 'logger'> {
  /** Name by which decorators and injection refer to it; default `default`. */
  readonly name?: string;
  readonly producer?: Omit<ProducerOptions, keyof ClientOptions>;
  readonly consumer?: RocketConsumerDefaults;
  /** Default: the module's codec. */
  readonly codec?: PayloadCodec;
  /** Time a request waits for its reply, ms; default 5000. */
  readonly replyTimeoutMs?: number;
  /** Delays of the broker's levels from level 1, ms; default Apache's 18 levels (1 s … 2 h). Only needed when `messageDelayLevel` was changed. */
  readonly delayLevelsMs?: readonly number[];
}

/** Values of `${name}` in decorators: a table or a lookup. */
export type PlaceholderValues = Readonly<Record<string, string | number | boolean | undefined>> | ((name: string) => string | number | boolean | undefined);

/** Options shared by all clusters. */
export interface RocketSharedOptions {
  /** Payloads to bodies and back; default JSON. */
  readonly codec?: PayloadCodec;
  /** Values for `${name}` in `@RocketConsumer` options. */
  readonly placeholders?: PlaceholderValues;
  /** What `@Idempotent` handlers use. */
  readonly idempotency?: RocketIdempotencyOptions;
  /** Makes producers and consumers; default: this package's own client. */
  readonly clientFactory?: RocketClientFactory;
}

/** Options of `RocketMQModule.forRoot`: one cluster directly, or several under `clusters`. */
export type RocketMQModuleOptions = RocketSharedOptions &
  ((RocketClusterOptions & { readonly clusters?: undefined }) | { readonly clusters: readonly RocketClusterOptions[] });

/** What `forRoot` and `forRootAsync` know before any factory ran. */
export interface RocketMQModuleExtras {
  /** Whether templates and servers can be injected everywhere; default true. */
  readonly isGlobal?: boolean;
}

/** Class form of asynchronous options. */
export interface RocketMQOptionsFactory {
  createRocketMQOptions(): Promise<RocketMQModuleOptions> | RocketMQModuleOptions;
}

/** Options of `RocketMQModule.forRootAsync`. */
export interface RocketMQModuleAsyncOptions extends RocketMQModuleExtras, Pick<ModuleMetadata, 'imports'> {
  /** Names of the clusters that the factory returns; default `['default']`. Needed beforehand, because they become injection tokens. */
  readonly clusterNames?: readonly string[];
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
  // Arguments are what `inject` names; TypeScript cannot relate the two, and Nest declares them the same way.
  readonly useFactory?: (...args: never[]) => Promise<RocketMQModuleOptions> | RocketMQModuleOptions;
  readonly useClass?: Type<RocketMQOptionsFactory>;
  readonly useExisting?: InjectionToken<RocketMQOptionsFactory>;
}

/** Where a group without a stored offset starts; a `Date`: at that time. */
export type StartPosition = ConsumeFromWhere | Date;

/** Looks things up while decorator options are resolved, which happens when the application is ready. */
export interface OptionSource {
  /** Value of a placeholder. @throws RocketMqError `OPTION_INVALID` when it has none. */
  value(name: string): string;
  /** A provider of the application, e.g. `get(ConfigService)`. */
  get<T>(token: InjectionToken<T>): T;
}

/** A value, or a function that finds it once the application is ready. Texts may contain `${name}` or `${name:default}`. */
export type Configurable<T> = T | ((source: OptionSource) => T);

/** Options of `@RocketConsumer` that must be known when the class is defined. */
export interface FixedConsumerOptions {
  /** Cluster by name; default `default`. Decides which server gets the handler. */
  readonly cluster?: string;
  /** The returned value is sent to callers of `request`/`ClientProxy.send`, an error too (it then is not redelivered). Default false. */
  readonly reply?: boolean;
}

/** Options of `@RocketConsumer` that may be found once the application is ready. */
export interface LateConsumerOptions {
  readonly topic: Configurable<string>;
  /** Consumer group; default: the cluster's `consumer.group`. */
  readonly group?: Configurable<string | undefined>;
  /** Tags to receive: a list, or `a || b`, or `*` (default). */
  readonly tags?: Configurable<string | readonly string[] | undefined>;
  /** SQL92 condition on properties; instead of `tags`. */
  readonly sql?: Configurable<string | undefined>;
  readonly mode?: Configurable<ConsumeMode | undefined>;
  /** BROADCASTING: every member gets every message; a failed one is not delivered again. */
  readonly model?: Configurable<MessageModel | undefined>;
  readonly from?: Configurable<StartPosition | undefined>;
  /** Runs of this handler at the same time; default 20. */
  readonly concurrency?: Configurable<number | string | undefined>;
  /** Messages per call; from 1 on given here, the payload is an array. Default: one message, not an array. */
  readonly batch?: Configurable<number | string | undefined>;
  /** Redeliveries before a message is dead-lettered; default 16, orderly: unlimited. */
  readonly maxReconsumeTimes?: Configurable<number | string | undefined>;
  /** Longest run of the handler, ms: then its `AbortSignal` fires and the message is delivered again later. Default: unlimited. */
  readonly timeoutMs?: Configurable<number | string | undefined>;
  /** Pause of a queue after an orderly failure, ms; default 1000. */
  readonly suspendMs?: Configurable<number | string | undefined>;
  /** Default: the cluster's codec. */
  readonly codec?: PayloadCodec;
}

/** Options of `@RocketConsumer`. */
export type RocketConsumerOptions = FixedConsumerOptions & LateConsumerOptions;
