import { RocketMqError } from '../lib/errors/rocketmq-error.js';
import { BrokerPorts } from './broker-ports.js';
import { brokerOptions, type BrokerOptions } from './config/broker-options.js';
import { systemRuntime, type Runtime } from './runtime.js';
import { resolveStoreOptions } from './store/store-options.js';

/** What may be given to a broker beside its options. */
export interface BrokerParts {
  /** The outside world; default: the real one, logging through Nest's logger. */
  readonly runtime?: Runtime;
  /** File the options were read from; changes by administrators are written to it. */
  readonly configPath?: string;
}

/** A broker about to be made: its options are checked and its ports taken. */
export interface PreparedBroker {
  readonly options: BrokerOptions;
  readonly ports: BrokerPorts;
  readonly runtime: Runtime;
  readonly configPath: string | undefined;
}

/**
 * Checks options and takes the ports. Whoever gets the result closes the ports when the broker does not start.
 * @throws RocketMqError `CONFIG_INVALID`, `ADDRESS_IN_USE`
 */
export async function prepareBroker(given: Partial<BrokerOptions>, parts: BrokerParts): Promise<PreparedBroker> {
  const runtime = parts.runtime ?? systemRuntime();
  const options = brokerOptions(given, runtime.host);
  refuseSlaves(options);
  resolveStoreOptions(options);
  return { options, ports: await BrokerPorts.take(options, runtime), runtime, configPath: parts.configPath };
}

/** Nothing replicates yet, and a slave that silently stays empty is worse than none. */
function refuseSlaves(options: BrokerOptions): void {
  if (options.brokerRole !== 'SLAVE') return;
  throw new RocketMqError('CONFIG_INVALID', 'brokerRole=SLAVE: this version does not replicate; run this broker as a master under a name of its own');
}
