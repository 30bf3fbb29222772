import type { INestApplicationContext } from '@nestjs/common';

import { BrokerModule } from './broker.module.js';
import { Broker } from './broker.js';
import type { BrokerOptions } from './config/broker-options.js';
import { launch } from './launch.js';
import { prepareBroker, type BrokerParts, type PreparedBroker } from './prepare-broker.js';
import { embeddedRuntime } from './runtime.js';

/** A running broker. */
export interface BrokerHandle {
  readonly brokerName: string;
  /** `ip:port` that clients are told; the real port. */
  readonly brokerAddress: string;
  /** The fast port; `undefined` when there is none. */
  readonly fastPort: number | undefined;
  /** Directory of the store. */
  readonly storePath: string;
  /** Stops it: unregisters, finishes requests under way, closes the store. Resolves when its ports and directory are free. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a broker in this process.
 * @param options whatever differs from Apache's defaults; port 0 lets the system choose
 * @throws RocketMqError `CONFIG_INVALID`, `ADDRESS_IN_USE`, `STORE_LOCKED`, `STORE_CORRUPT`
 */
export async function startBroker(options: Partial<BrokerOptions> = {}, parts: BrokerParts = {}): Promise<BrokerHandle> {
  const app = await launchPrepared(await prepareBroker(options, { ...parts, runtime: parts.runtime ?? embeddedRuntime() }));
  const broker = app.get(Broker);
  return {
    brokerName: broker.name,
    brokerAddress: broker.address,
    fastPort: broker.fastPort,
    storePath: broker.storePath,
    stop: () => app.close(),
  };
}

async function launchPrepared(prepared: PreparedBroker): Promise<INestApplicationContext> {
  try {
    return await launch(BrokerModule.forPrepared(prepared));
  } catch (error) {
    await prepared.ports.close();
    throw error;
  }
}
