import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown, type Provider } from '@nestjs/common';

import { UniqueKeyGenerator } from '../lib/protocol/message/message-id.js';
import { BrokerPorts } from './broker-ports.js';
import { BrokerSettings } from './broker-settings.js';
import { LOG_CONTEXT, portsTaken, portStage, registrationStage, stateStage, storeStage } from './broker-stages.js';
import { Broker } from './broker.js';
import { ClientChannels } from './clients/client-channels.js';
import { BROKER_SCHEMA, type BrokerOptions } from './config/broker-options.js';
import { LiveOptions } from './config/live-options.js';
import { TextFile } from './config/text-file.js';
import { prepareBroker, type BrokerParts, type PreparedBroker } from './prepare-broker.js';
import { createBrokerState, type BrokerState } from './processors/broker-state.js';
import { createProcessors } from './processors/processors.module.js';
import { BrokerRegistration } from './registration/broker-registration.js';
import { ProcessorTable } from './remoting/processor-table.js';
import { PortStage } from './remoting/server-port.js';
import { RUNTIME, type Runtime } from './runtime.js';
import { LogMessageStore } from './store/log-message-store.js';
import type { MessageStore } from './store/message-store.js';
import { BROKER_STATE, MESSAGE_STORE, PROCESSOR_TABLE } from './tokens.js';

const stateProviders: Provider[] = [
  ClientChannels,
  {
    provide: MESSAGE_STORE,
    inject: [BrokerSettings, RUNTIME],
    useFactory: ({ current }: BrokerSettings, { files, clock, turns, loggerOf }: Runtime): MessageStore =>
      new LogMessageStore(current, { fileSystem: files, clock, turns, logger: loggerOf('Store') }),
  },
  {
    provide: BROKER_STATE,
    inject: [BrokerSettings, MESSAGE_STORE, ClientChannels, RUNTIME],
    useFactory: ({ current }: BrokerSettings, store: MessageStore, connections: ClientChannels, { files, clock, turns, loggerOf }: Runtime) =>
      createBrokerState(current, { store, connections, files, clock, turns, logger: loggerOf(LOG_CONTEXT) }),
  },
];

const serverProviders: Provider[] = [
  { provide: PROCESSOR_TABLE, inject: [BrokerSettings, BrokerPorts, MESSAGE_STORE, BROKER_STATE, RUNTIME], useFactory: createProcessorTable },
  { provide: PortStage, inject: [BrokerPorts, PROCESSOR_TABLE, BrokerSettings, ClientChannels, BROKER_STATE, RUNTIME], useFactory: portStage },
  { provide: BrokerRegistration, inject: [BrokerSettings, BrokerPorts, BROKER_STATE, RUNTIME], useFactory: registrationStage },
  {
    provide: Broker,
    inject: [MESSAGE_STORE, BROKER_STATE, PortStage, BrokerRegistration, BrokerPorts, BrokerSettings, RUNTIME],
    useFactory: createBroker,
  },
];

/** A broker as a Nest module: it serves when the application has started, and stops with it. */
@Module({})
export class BrokerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(Broker) private readonly broker: Broker) {}

  /**
   * A broker of its own for every call. Its ports are taken here, because its parts have to know the real ones.
   * @throws RocketMqError `CONFIG_INVALID`, `ADDRESS_IN_USE`
   */
  static async forRoot(given: Partial<BrokerOptions> = {}, parts: BrokerParts = {}): Promise<DynamicModule> {
    return BrokerModule.forPrepared(await prepareBroker(given, parts));
  }

  /** The module of a broker whose ports are taken already. */
  static forPrepared({ options, ports, runtime, configPath }: PreparedBroker): DynamicModule {
    const { clock, files, loggerOf } = runtime;
    const file = configPath === undefined ? undefined : new TextFile(files, configPath);
    const settings = new BrokerSettings(new LiveOptions(BROKER_SCHEMA, options), file, clock, loggerOf(LOG_CONTEXT));
    return {
      module: BrokerModule,
      providers: [
        { provide: RUNTIME, useValue: runtime },
        { provide: BrokerPorts, useValue: ports },
        { provide: BrokerSettings, useValue: settings },
        ...stateProviders,
        ...serverProviders,
      ],
      exports: [Broker],
    };
  }

  onApplicationBootstrap(): Promise<void> {
    return this.broker.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.broker.stop();
  }
}

function createProcessorTable(settings: BrokerSettings, ports: BrokerPorts, store: MessageStore, state: BrokerState, runtime: Runtime): ProcessorTable {
  const { clock, random, files, host, loggerOf } = runtime;
  // On top of the live settings, so that their changes are seen.
  const options = Object.assign(Object.create(settings.current) as BrokerOptions, { physicalMemory: host.memoryBytes });
  return new ProcessorTable(
    createProcessors({
      options,
      state,
      store,
      files,
      clock,
      random,
      logger: loggerOf(LOG_CONTEXT),
      uniqueKeys: new UniqueKeyGenerator(ports.advertised.ip, host.pid, clock, random),
      storeHost: ports.advertised,
      configuration: settings,
    }),
  );
}

function createBroker(
  store: MessageStore,
  state: BrokerState,
  ports: PortStage,
  registration: BrokerRegistration,
  taken: BrokerPorts,
  settings: BrokerSettings,
  { loggerOf }: Runtime,
): Broker {
  return new Broker([portsTaken(taken), storeStage(store, settings), stateStage(state, store), ports, registration], taken, settings.current, loggerOf(LOG_CONTEXT));
}
