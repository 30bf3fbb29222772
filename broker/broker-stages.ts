import { RocketMqError } from '../lib/errors/rocketmq-error.js';
import { RemotingClient } from '../lib/remoting/remoting-client.js';
import type { BrokerPorts } from './broker-ports.js';
import type { BrokerSettings } from './broker-settings.js';
import type { ClientChannels } from './clients/client-channels.js';
import { splitAddresses } from './config/schema/network-options.js';
import type { LifecycleStage } from './lifecycle.js';
import { connectionClosed, loadBrokerState, startBrokerState, type BrokerState } from './processors/broker-state.js';
import { BrokerRegistration } from './registration/broker-registration.js';
import { InFlightMeter } from './remoting/in-flight-limits.js';
import { FAST_PORT_EXCLUDED_CODES, type ProcessorTable } from './remoting/processor-table.js';
import { RequestDispatcher } from './remoting/request-dispatcher.js';
import { PortStage, type ServedPort } from './remoting/server-port.js';
import type { Runtime } from './runtime.js';
import type { MessageStore } from './store/message-store.js';

/** Name that log lines of a broker carry. */
export const LOG_CONTEXT = 'Broker';

/** Gives the ports back, that were taken before anything else, when the start fails later. */
export function portsTaken(ports: BrokerPorts): LifecycleStage {
  return { name: 'ports', start: () => undefined, stop: () => ports.close() };
}

/** Opens the store; recovery happens here. */
export function storeStage(store: MessageStore, { current }: BrokerSettings): LifecycleStage {
  return {
    name: 'store',
    start: async () => {
      try {
        await store.open();
      } catch (cause) {
        throw unusableStore(cause, current.storePathRootDir);
      }
    },
    stop: () => store.close(),
  };
}

/** The system's errors (no permission, a file in place of a directory, a full disk) say neither what for nor what to do. */
function unusableStore(cause: unknown, path: string): unknown {
  if (cause instanceof RocketMqError || !(cause instanceof Error) || !('syscall' in cause)) return cause;
  const text = `the store cannot be opened at storePathRootDir=${path}: ${cause.message}; give a directory that this process may write, on a disk with free space`;
  return new RocketMqError('CONFIG_INVALID', text, { cause, details: { storePathRootDir: path } });
}

/** Loads the tables of topics, groups and offsets, and starts their timers and deliveries. */
export function stateStage(state: BrokerState, store: MessageStore): LifecycleStage {
  let stop: (() => Promise<void>) | undefined;
  return {
    name: 'tables',
    start: () => {
      loadBrokerState(state);
      stop = startBrokerState(state, store);
    },
    stop: () => stop?.(),
  };
}

/** Serves both ports from one table. */
export function portStage(
  ports: BrokerPorts,
  table: ProcessorTable,
  settings: BrokerSettings,
  channels: ClientChannels,
  state: BrokerState,
  { clock, loggerOf }: Runtime,
): PortStage {
  const logger = loggerOf(LOG_CONTEXT);
  const { requestsInFlight, bytesInFlight, requestsInFlightPerConnection, bytesInFlightPerConnection, shutdownWaitTimeSeconds } = settings.current;
  const meter = new InFlightMeter({
    totalRequests: requestsInFlight,
    totalBytes: bytesInFlight,
    connectionRequests: requestsInFlightPerConnection,
    connectionBytes: bytesInFlightPerConnection,
  });
  const served: ServedPort[] = [{ port: ports.main, dispatcher: new RequestDispatcher(table, clock, logger, meter) }];
  if (ports.fast !== undefined) {
    served.push({ port: ports.fast, dispatcher: new RequestDispatcher(table.without(FAST_PORT_EXCLUDED_CODES), clock, logger, meter) });
  }
  return new PortStage(served, {
    hooks: { onConnected: (channel) => channels.register(channel), onClosed: (channel) => connectionClosed(state, channel.id) },
    drainMs: shutdownWaitTimeSeconds * 1000,
    onDraining: () => state.waiters.releaseAll(),
    clock,
    logger,
  });
}

/** Announces the broker to its NameServers. */
export function registrationStage(settings: BrokerSettings, ports: BrokerPorts, state: BrokerState, { clock, network, loggerOf }: Runtime): BrokerRegistration {
  const logger = loggerOf(LOG_CONTEXT);
  const { current } = settings;
  const identity = {
    clusterName: current.brokerClusterName,
    brokerName: current.brokerName,
    brokerId: current.brokerId,
    brokerAddr: `${current.brokerIP1}:${ports.main.port}`,
    haServerAddr: `${current.brokerIP2}:${current.haListenPort}`,
  };
  return new BrokerRegistration(
    {
      nameServers: splitAddresses(current.namesrvAddr),
      link: () => ({
        identity,
        timeoutMs: current.registerBrokerTimeoutMills,
        compressed: current.compressedRegister,
        permission: () => current.brokerPermission,
      }),
      periodMs: current.registerNameServerPeriod,
      force: current.forceRegister,
    },
    state.topics,
    (onDisconnected) => new RemotingClient({ onDisconnected }, clock, logger, network),
    clock,
    logger,
  );
}
