import { join } from 'node:path';

import { APACHE_BROKER_KEYS } from './apache-keys.js';
import type { LocalHost } from './local-host.js';
import type { OptionsOf } from './option-schema.js';
import { completeOptions, invalid } from './resolve-options.js';
import { networkOptions } from './schema/network-options.js';
import { serviceOptions } from './schema/service-options.js';
import { storeOptions } from './schema/store-options-schema.js';

/** Every setting of a broker, by Apache's names. */
export const BROKER_SCHEMA = { ...networkOptions, ...serviceOptions, ...storeOptions } as const;

/** Settings of a broker. What each means, its unit and default stand in `schema/`. */
export type BrokerOptions = OptionsOf<typeof BROKER_SCHEMA>;

/** Apache's broker settings that mean nothing here (thread pools, memory mapping, …). */
export const UNUSED_BROKER_KEYS: ReadonlySet<string> = new Set(APACHE_BROKER_KEYS.filter((key) => !Object.hasOwn(BROKER_SCHEMA, key)));

/**
 * Settings given by a program, completed with defaults.
 * @throws RocketMqError `CONFIG_INVALID`
 */
export function brokerOptions(given: Partial<BrokerOptions>, host: LocalHost): BrokerOptions {
  return deriveBrokerOptions(completeOptions(BROKER_SCHEMA, given), host);
}

/**
 * Fills in what follows from other settings or the machine, and checks settings against each other.
 * @throws RocketMqError `CONFIG_INVALID`
 */
export function deriveBrokerOptions(options: BrokerOptions, host: LocalHost): BrokerOptions {
  const brokerIP1 = options.brokerIP1 || host.address;
  const storePathRootDir = options.storePathRootDir || join(host.homeDirectory, 'store');
  const derived: BrokerOptions = {
    ...options,
    brokerName: options.brokerName || host.name || 'DEFAULT_BROKER',
    brokerIP1,
    brokerIP2: options.brokerIP2 || brokerIP1,
    storePathRootDir,
    storePathCommitLog: options.storePathCommitLog || join(storePathRootDir, 'commitlog'),
    haListenPort: options.haListenPort !== -1 ? options.haListenPort : options.listenPort === 0 ? 0 : options.listenPort + 1,
  };
  const problems = contradictions(derived);
  if (problems.length > 0) throw invalid(problems);
  return derived;
}

/** The fast port to listen on (0: any); `undefined` when there is none. */
export function fastPortOf(options: Pick<BrokerOptions, 'fastPortEnable' | 'fastListenPort' | 'listenPort'>): number | undefined {
  if (!options.fastPortEnable) return undefined;
  if (options.fastListenPort !== -1) return options.fastListenPort;
  return options.listenPort > 2 ? options.listenPort - 2 : undefined;
}

function contradictions(options: BrokerOptions): string[] {
  const problems: string[] = [];
  const isSlave = options.brokerRole === 'SLAVE';
  if (isSlave && options.brokerId === 0) problems.push('brokerId=0 with brokerRole=SLAVE: a slave needs a brokerId above 0');
  if (!isSlave && options.brokerId !== 0) problems.push(`brokerId=${options.brokerId} with brokerRole=${options.brokerRole}: a master has the brokerId 0`);
  if (options.listenPort === 65_535 && options.haListenPort === 65_536) problems.push('listenPort=65535: no port is left above it; set haListenPort');
  const fast = fastPortOf(options);
  if (fast !== undefined && fast !== 0 && fast === options.listenPort) problems.push(`fastListenPort=${fast}: it must differ from listenPort`);
  return problems;
}
