import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown, type Provider } from '@nestjs/common';

import { RemotingClient } from '../lib/remoting/remoting-client.js';
import type { RemotingServerHooks } from '../lib/remoting/remoting-server.js';
import { ConfigFile } from './config/config-file.js';
import { LiveOptions } from './config/live-options.js';
import { NAME_SERVER_SCHEMA, nameServerOptions, type NameServerOptions } from './config/name-server-options.js';
import { TextFile } from './config/text-file.js';
import type { LifecycleStage } from './lifecycle.js';
import { BrokerLiveness } from './name-server/broker-liveness.js';
import { KvConfigTable } from './name-server/kv-config-table.js';
import { MinBrokerIdNotifier } from './name-server/min-broker-id-notifier.js';
import { NAME_SERVER_PROCESSORS } from './name-server/name-server-processors.js';
import { NameServerSettings } from './name-server/name-server-settings.js';
import { NameServer } from './name-server/name-server.js';
import { RouteTables } from './name-server/route-tables.js';
import { StartupGrace } from './name-server/startup-grace.js';
import { ClientChannels } from './clients/client-channels.js';
import { ProcessorTable } from './remoting/processor-table.js';
import { RequestDispatcher } from './remoting/request-dispatcher.js';
import type { RequestProcessor } from './remoting/request-processor.js';
import { PortStage, ServerPort } from './remoting/server-port.js';
import { RUNTIME, systemRuntime, type Runtime } from './runtime.js';

const OPTIONS = Symbol('NAME_SERVER_OPTIONS');
const PROCESSOR_TABLE = Symbol('NAME_SERVER_PROCESSOR_TABLE');
const NAME_SERVER_STAGES = Symbol('NAME_SERVER_STAGES');

/** Name that log lines of a NameServer carry. */
const LOG_CONTEXT = 'NameServer';

/** What may be given to {@link NameServerModule.forRoot} beside the options. */
export interface NameServerParts {
  /** The outside world; default: the real one, logging through Nest's logger. */
  readonly runtime?: Runtime;
}

const stateProviders: Provider[] = [
  {
    provide: NameServerSettings,
    inject: [OPTIONS, RUNTIME],
    useFactory: (options: NameServerOptions, { files, loggerOf }: Runtime) =>
      new NameServerSettings(new LiveOptions(NAME_SERVER_SCHEMA, options), new TextFile(files, options.configStorePath), loggerOf(LOG_CONTEXT)),
  },
  {
    provide: KvConfigTable,
    inject: [OPTIONS, RUNTIME],
    useFactory: (options: NameServerOptions, { files, turns, loggerOf }: Runtime) =>
      new KvConfigTable(new ConfigFile(files, options.kvConfigPath, turns), loggerOf(LOG_CONTEXT)),
  },
  {
    provide: RouteTables,
    inject: [NameServerSettings, RUNTIME],
    useFactory: (settings: NameServerSettings, { clock, loggerOf }: Runtime) => new RouteTables(() => settings.current, clock, loggerOf(LOG_CONTEXT)),
  },
  {
    provide: StartupGrace,
    inject: [NameServerSettings, RUNTIME],
    useFactory: (settings: NameServerSettings, { clock }: Runtime) => new StartupGrace(() => settings.current, clock),
  },
  ClientChannels,
];

const serverProviders: Provider[] = [
  {
    provide: PROCESSOR_TABLE,
    inject: [...NAME_SERVER_PROCESSORS],
    useFactory: (...processors: RequestProcessor[]) => new ProcessorTable(processors),
  },
  {
    provide: ServerPort,
    inject: [OPTIONS, RUNTIME],
    useFactory: createPort,
  },
  {
    provide: PortStage,
    inject: [OPTIONS, RUNTIME, PROCESSOR_TABLE, ServerPort, ClientChannels, RouteTables],
    useFactory: createPortStage,
  },
  {
    provide: NAME_SERVER_STAGES,
    inject: [NameServerSettings, RUNTIME, PortStage, RouteTables, ClientChannels, KvConfigTable],
    useFactory: createStages,
  },
  {
    provide: NameServer,
    inject: [NAME_SERVER_STAGES, ServerPort, OPTIONS, RUNTIME],
    useFactory: (stages: LifecycleStage[], port: ServerPort, options: NameServerOptions, { loggerOf }: Runtime) =>
      new NameServer(stages, port, reachableHost(options.bindAddress), loggerOf(LOG_CONTEXT)),
  },
];

/** A NameServer as a Nest module: it listens when the application has started, and stops with it. */
@Module({})
export class NameServerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(NameServer) private readonly nameServer: NameServer) {}

  /** @throws RocketMqError `CONFIG_INVALID` */
  static forRoot(given: Partial<NameServerOptions> = {}, parts: NameServerParts = {}): DynamicModule {
    const runtime = parts.runtime ?? systemRuntime();
    return {
      module: NameServerModule,
      providers: [
        { provide: OPTIONS, useValue: nameServerOptions(given, runtime.host) },
        { provide: RUNTIME, useValue: runtime },
        ...stateProviders,
        ...NAME_SERVER_PROCESSORS,
        ...serverProviders,
      ],
      exports: [NameServer],
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.nameServer.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.nameServer.stop();
  }
}

function createPort(options: NameServerOptions, { clock, network, loggerOf }: Runtime): ServerPort {
  const { bindAddress, listenPort, frameMaxLength, serverChannelMaxIdleTimeSeconds } = options;
  const limits = { maxFrameBytes: frameMaxLength, idleTimeoutMs: serverChannelMaxIdleTimeSeconds * 1000 };
  return new ServerPort('NameServer port', { host: bindAddress, port: listenPort, ...limits }, { clock, network, logger: loggerOf(LOG_CONTEXT) });
}

function createPortStage(
  options: NameServerOptions,
  { clock, loggerOf }: Runtime,
  table: ProcessorTable,
  port: ServerPort,
  channels: ClientChannels,
  routes: RouteTables,
): PortStage {
  const logger = loggerOf(LOG_CONTEXT);
  const hooks: RemotingServerHooks = {
    onConnected: (channel) => channels.register(channel),
    onClosed: (channel) => routes.connectionClosed(channel.id),
  };
  const dispatcher = new RequestDispatcher(table, clock, logger);
  return new PortStage([{ port, dispatcher }], { hooks, drainMs: options.shutdownWaitTimeSeconds * 1000, clock, logger });
}

function createStages(
  settings: NameServerSettings,
  { clock, loggerOf, network }: Runtime,
  port: PortStage,
  routes: RouteTables,
  channels: ClientChannels,
  kvConfigs: KvConfigTable,
): LifecycleStage[] {
  const logger = loggerOf(LOG_CONTEXT);
  const client = new RemotingClient({}, clock, logger, network);
  return [
    { name: 'key-value settings', start: () => kvConfigs.load(), stop: () => kvConfigs.close() },
    new MinBrokerIdNotifier(routes, client, () => settings.current.notifyMinBrokerIdChanged, logger),
    new BrokerLiveness(routes, (id) => channels.get(id)?.close(), settings.current.scanNotActiveBrokerInterval, clock),
    port,
  ];
}

/** An address listened on, as a host to connect to from this machine. */
function reachableHost(bindAddress: string): string {
  return bindAddress === '0.0.0.0' || bindAddress === '::' ? '127.0.0.1' : bindAddress;
}
