import { Inject, Module, type DynamicModule, type FactoryProvider, type OnApplicationShutdown, type OnModuleInit, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { IdempotencyStore } from '../../idempotency/idempotency-store.js';
import { SystemClock } from '../../runtime/clock.js';
import { IdempotencyRuntime } from '../idempotency/idempotency-runtime.js';
import { NestLoggerAdapter } from '../nest-logger.js';
import { RocketTemplate } from '../producer/rocket-template.js';
import { getRocketTemplateToken } from './injection.js';
import type { ResolvedCluster, ResolvedModule } from './resolve-options.js';
import { IDEMPOTENCY_STORE, ROCKETMQ_OPTIONS } from './tokens.js';

/** Injection token of the list of all templates of a module. */
const TEMPLATES = Symbol('nestjs-rocketmq:templates');

/**
 * Producers and the idempotency store. Apart from the consumers' module because of the order of hooks: these open before
 * the application's own `onModuleInit` and close after everything else, so that handlers and hooks can use them all the while.
 */
@Module({})
export class RocketMQCoreModule implements OnModuleInit, OnApplicationShutdown {
  readonly #templates: readonly RocketTemplate[];
  readonly #store: IdempotencyStore | undefined;

  readonly #idempotency: IdempotencyRuntime;

  constructor(@Inject(TEMPLATES) templates: RocketTemplate[], @Inject(IDEMPOTENCY_STORE) store: IdempotencyStore | undefined, idempotency: IdempotencyRuntime) {
    this.#templates = templates;
    this.#store = store;
    this.#idempotency = idempotency;
  }

  /** @internal */
  static register(names: readonly string[], options: readonly Provider[], imports: DynamicModule['imports'], isGlobal: boolean): DynamicModule {
    const templates = names.map((name) => templateProvider(name));
    const tokens = templates.map(({ provide }) => provide);
    const list: FactoryProvider<RocketTemplate[]> = { provide: TEMPLATES, useFactory: (...all: RocketTemplate[]) => all, inject: tokens };
    return {
      module: RocketMQCoreModule,
      global: isGlobal,
      imports,
      providers: [...options, ...templates, list, storeProvider, runtimeProvider],
      exports: [ROCKETMQ_OPTIONS, IDEMPOTENCY_STORE, IdempotencyRuntime, ...tokens],
    };
  }

  async onModuleInit(): Promise<void> {
    await Promise.all(this.#templates.map((template) => template.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#idempotency.close();
    await Promise.all([...this.#templates.map((template) => template.close()), this.#store?.close()]);
  }
}

const storeProvider: FactoryProvider<IdempotencyStore | undefined> = {
  provide: IDEMPOTENCY_STORE,
  useFactory: ({ idempotency: { store } }: ResolvedModule) => (typeof store === 'function' ? store() : store),
  inject: [ROCKETMQ_OPTIONS],
};

const runtimeProvider: FactoryProvider<IdempotencyRuntime> = {
  provide: IdempotencyRuntime,
  useFactory: (moduleRef: ModuleRef, { idempotency }: ResolvedModule, store: IdempotencyStore | undefined) =>
    new IdempotencyRuntime(moduleRef, idempotency, store, new SystemClock(), new NestLoggerAdapter('Idempotency')),
  inject: [ModuleRef, ROCKETMQ_OPTIONS, { token: IDEMPOTENCY_STORE, optional: true }],
};

function templateProvider(name: string): FactoryProvider<RocketTemplate> {
  return {
    provide: getRocketTemplateToken(name),
    useFactory: ({ clusters }: ResolvedModule) => {
      const cluster = clusters.get(name) as ResolvedCluster;
      const producer = cluster.clientFactory.createProducer(cluster.producer);
      return new RocketTemplate(producer, cluster.codec, new SystemClock(), cluster.replyTimeoutMs);
    },
    inject: [ROCKETMQ_OPTIONS],
  };
}
