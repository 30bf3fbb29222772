import 'reflect-metadata';

export { Broker } from './broker.js';
export { BrokerModule } from './broker.module.js';
export type { BrokerOptions } from './config/broker-options.js';
export { loadBrokerOptions, loadNameServerOptions, type ConfigInputs, type LoadedOptions } from './config/load-options.js';
export { localHost, type LocalHost } from './config/local-host.js';
export type { NameServerOptions } from './config/name-server-options.js';
export { NameServerModule, type NameServerParts } from './name-server.module.js';
export { NameServer } from './name-server/name-server.js';
export { NestLogger, type LogLevel } from './nest-logger.js';
export type { BrokerParts } from './prepare-broker.js';
export { embeddedRuntime, systemRuntime, type Runtime } from './runtime.js';
export { startBroker, type BrokerHandle } from './start-broker.js';
export { startNameServer, type NameServerHandle } from './start-name-server.js';
export { startStandalone, type StandaloneHandle, type StandaloneOptions } from './start-standalone.js';
