import { Inject, Module, type DynamicModule, type FactoryProvider, type OnApplicationBootstrap, type OnModuleDestroy, type Provider } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, ModuleRef, ModulesContainer } from '@nestjs/core';
import { SystemClock } from '../../runtime/clock.js';
import { ClusterConsumerAssembly } from '../consuming/consumer-assembly.js';
import { IdempotencyRuntime } from '../idempotency/idempotency-runtime.js';
import { NativeClientFactory } from '../native-client-factory.js';
import { NestLoggerAdapter } from '../nest-logger.js';
import type { RocketTemplate } from '../producer/rocket-template.js';
import { RocketMQServer } from '../transport/rocketmq.server.js';
import { RocketMQClientProxy } from '../transport/rocketmq.client-proxy.js';
import { ConnectionCheck } from './connection-check.js';
import { getRocketServerToken, getRocketTemplateToken } from './injection.js';
import { clusterNamesOf, resolveModuleOptions, type ResolvedCluster, type ResolvedModule } from './resolve-options.js';
import { RocketMQCoreModule } from './rocketmq-core.module.js';
import type { RocketMQModuleAsyncOptions, RocketMQModuleExtras, RocketMQModuleOptions, RocketMQOptionsFactory } from './rocketmq-options.js';
import { DEFAULT_CLUSTER, ROCKETMQ_OPTIONS, ROCKETMQ_SERVERS } from './tokens.js';

/** Provider token of what a user's factory returned. */
const RAW_OPTIONS = Symbol('nestjs-rocketmq:raw-options');

/**
 * Connects an application to one or more RocketMQ clusters: a `RocketTemplate` and a `RocketMQServer` for each.
 *
 * Its hooks run at the ends of Nest's order: consumption begins after every other `onApplicationBootstrap`, and is drained
 * before any other `onModuleDestroy`, so handlers never meet a pool that is not open yet or closed already. That holds for
 * standalone and hybrid applications, for `app.close()` and for signals.
 */
@Module({})
export class RocketMQModule implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #servers: readonly RocketMQServer[];
  readonly #check: ConnectionCheck;

  constructor(@Inject(ROCKETMQ_SERVERS) servers: RocketMQServer[], check: ConnectionCheck, modules: ModulesContainer) {
    this.#servers = servers;
    this.#check = check;
    runHooksLast(modules);
  }

  /** @throws RocketMqError `OPTION_INVALID` listing everything that is wrong with the options */
  static forRoot(options: RocketMQModuleOptions & RocketMQModuleExtras): DynamicModule {
    const names = clusterNamesOf(options);
    const resolved = resolveModuleOptions(options, names, new NativeClientFactory());
    return assemble(names, [{ provide: ROCKETMQ_OPTIONS, useValue: resolved }], [], options.isGlobal);
  }

  /** Options from other providers. With other than one default cluster, say their `clusterNames`. */
  static forRootAsync(options: RocketMQModuleAsyncOptions): DynamicModule {
    const names = options.clusterNames ?? [DEFAULT_CLUSTER];
    const resolved: FactoryProvider<ResolvedModule> = {
      provide: ROCKETMQ_OPTIONS,
      useFactory: (raw: RocketMQModuleOptions) => resolveModuleOptions(raw, names, new NativeClientFactory()),
      inject: [RAW_OPTIONS],
    };
    return assemble(names, [...rawOptionsProviders(options), resolved], options.imports, options.isGlobal);
  }

  /**
   * Provides a `ClientProxy` under `token`, over the template of a cluster: for code written against Nest's own transports.
   *
   *     imports: [RocketMQModule.registerClient('ORDERS')]   constructor(@Inject('ORDERS') private readonly client: ClientProxy)
   */
  static registerClient(token: string | symbol, options: { readonly cluster?: string } = {}): DynamicModule {
    const client: FactoryProvider<RocketMQClientProxy> = {
      provide: token,
      useFactory: (template: RocketTemplate) => new RocketMQClientProxy({ template }),
      inject: [getRocketTemplateToken(options.cluster)],
    };
    return { module: RocketMQClientModule, providers: [client], exports: [token] };
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#check.run(this.#servers);
    await Promise.all(this.#servers.map((server) => server.applicationReady()));
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}

/** Carries the providers of {@link RocketMQModule.registerClient}. */
@Module({})
export class RocketMQClientModule {}

function assemble(names: readonly string[], options: readonly Provider[], imports: DynamicModule['imports'], isGlobal = true): DynamicModule {
  const core = RocketMQCoreModule.register(names, options, imports, isGlobal);
  const servers = names.map((name) => serverProvider(name));
  const tokens = servers.map(({ provide }) => provide);
  const list: FactoryProvider<RocketMQServer[]> = { provide: ROCKETMQ_SERVERS, useFactory: (...all: RocketMQServer[]) => all, inject: tokens };
  const check: FactoryProvider<ConnectionCheck> = {
    provide: ConnectionCheck,
    useFactory: (discovery: DiscoveryService, scanner: MetadataScanner, idempotency: IdempotencyRuntime) =>
      new ConnectionCheck(discovery, scanner, idempotency, new NestLoggerAdapter('RocketMQ')),
    inject: [DiscoveryService, MetadataScanner, IdempotencyRuntime],
  };
  return {
    module: RocketMQModule,
    global: isGlobal,
    imports: [core, DiscoveryModule],
    providers: [...servers, list, check],
    exports: [core, ...tokens],
  };
}

function serverProvider(name: string): FactoryProvider<RocketMQServer> {
  return {
    provide: getRocketServerToken(name),
    useFactory: ({ clusters }: ResolvedModule, template: RocketTemplate, moduleRef: ModuleRef) => {
      const cluster = clusters.get(name) as ResolvedCluster;
      const logger = new NestLoggerAdapter(name === DEFAULT_CLUSTER ? 'RocketMQ' : `RocketMQ:${name}`);
      return new RocketMQServer(new ClusterConsumerAssembly(cluster, template, moduleRef, new SystemClock(), logger));
    },
    inject: [ROCKETMQ_OPTIONS, getRocketTemplateToken(name), ModuleRef],
  };
}

function rawOptionsProviders({ useFactory, inject, useClass, useExisting }: RocketMQModuleAsyncOptions): Provider[] {
  if (useFactory !== undefined) return [{ provide: RAW_OPTIONS, useFactory, inject: [...(inject ?? [])] } as FactoryProvider];
  const token = useExisting ?? useClass;
  if (token === undefined) throw new TypeError('RocketMQModule.forRootAsync needs one of useFactory, useClass and useExisting');
  const options: FactoryProvider = { provide: RAW_OPTIONS, useFactory: (factory: RocketMQOptionsFactory) => factory.createRocketMQOptions(), inject: [token] };
  return useClass === undefined || useExisting !== undefined ? [options] : [options, useClass];
}

/**
 * Nest runs start hooks from the greatest distance to the root module to the smallest, and destroy hooks the other way
 * round; a module below the root's distance comes last and first. Distances are set before modules are constructed and
 * sorted when the first hook is due, so a module's constructor is the place.
 */
function runHooksLast(modules: ModulesContainer): void {
  for (const module of modules.values()) if (module.metatype === RocketMQModule) module.distance = -1;
}
