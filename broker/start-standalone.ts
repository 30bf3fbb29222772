import type { BrokerOptions } from './config/broker-options.js';
import type { NameServerOptions } from './config/name-server-options.js';
import type { BrokerParts } from './prepare-broker.js';
import { embeddedRuntime } from './runtime.js';
import { startBroker, type BrokerHandle } from './start-broker.js';
import { startNameServer, type NameServerHandle } from './start-name-server.js';

/** Options of both halves. */
export interface StandaloneOptions {
  /** The broker's; `namesrvAddr` may name further NameServers. */
  readonly broker?: Partial<BrokerOptions>;
  readonly nameServer?: Partial<NameServerOptions>;
}

/** A NameServer and a broker in one process. */
export interface StandaloneHandle extends NameServerHandle, BrokerHandle {}

const LOOPBACK = '127.0.0.1';

/**
 * Settings of a broker for this machine only: unless `brokerIP1` or `bindAddress` is set, clients are told 127.0.0.1 and nothing
 * else is listened on.
 */
export function standaloneDefaults<T extends Partial<BrokerOptions>>(options: T, given?: ReadonlySet<string>): T {
  const isGiven = (key: keyof BrokerOptions): boolean => (given === undefined ? options[key] !== undefined : given.has(key));
  if (isGiven('brokerIP1') || isGiven('bindAddress')) return options;
  return { ...options, brokerIP1: LOOPBACK, bindAddress: LOOPBACK };
}

/**
 * Starts a NameServer and a broker that is registered with it, in this process.
 * @throws RocketMqError as `startNameServer` and `startBroker`; then neither runs
 */
export async function startStandalone(options: StandaloneOptions = {}, parts: BrokerParts = {}): Promise<StandaloneHandle> {
  const runtime = parts.runtime ?? embeddedRuntime();
  const broker = standaloneDefaults(options.broker ?? {});
  const nameServer = await startNameServer({ bindAddress: broker.bindAddress, ...options.nameServer }, { runtime });
  try {
    const namesrvAddr = [nameServer.nameServerAddress, broker.namesrvAddr].filter(Boolean).join(';');
    const handle = await startBroker({ ...broker, namesrvAddr }, { ...parts, runtime });
    return {
      ...handle,
      nameServerAddress: nameServer.nameServerAddress,
      stop: async () => {
        await handle.stop();
        await nameServer.stop();
      },
    };
  } catch (error) {
    await nameServer.stop();
    throw error;
  }
}
