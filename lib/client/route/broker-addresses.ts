import type { BrokerData } from '../../protocol/body/topic-route-data.js';
import { MASTER_ID } from './topic-queues.js';

/** An address with its place in the set of brokers of one name. */
export interface BrokerAddress {
  readonly brokerName: string;
  readonly brokerId: number;
  readonly address: string;
}

/** Addresses of all brokers that appear in a known route. */
export class BrokerAddresses {
  readonly #byName = new Map<string, ReadonlyMap<number, string>>();

  /** Takes over what a route says; brokers it does not mention stay. */
  update(brokers: readonly BrokerData[]): void {
    for (const broker of brokers) {
      this.#byName.set(broker.brokerName, new Map(Object.entries(broker.brokerAddrs).map(([id, address]) => [Number(id), address])));
    }
  }

  /** Forgets brokers that appear in no route any more. */
  retain(brokerNames: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) {
      if (!brokerNames.has(name)) this.#byName.delete(name);
    }
  }

  /** Address of the master; `undefined` while there is none. */
  master(brokerName: string): string | undefined {
    return this.#byName.get(brokerName)?.get(MASTER_ID);
  }

  /** Address of that very broker, else of another one with the same name: for reading, any will do. */
  forReading(brokerName: string, brokerId: number): BrokerAddress | undefined {
    const addresses = this.#byName.get(brokerName);
    if (addresses === undefined) return undefined;
    const exact = addresses.get(brokerId);
    if (exact !== undefined) return { brokerName, brokerId, address: exact };
    // A slave that is gone: the next one, before falling back on whoever is left.
    const ids = [...addresses.keys()].sort((a, b) => a - b);
    const id = ids.find((candidate) => candidate > brokerId) ?? ids[0];
    const address = id === undefined ? undefined : addresses.get(id);
    return address === undefined ? undefined : { brokerName, brokerId: id, address };
  }

  /** Every broker known. */
  all(): BrokerAddress[] {
    return [...this.#byName].flatMap(([brokerName, addresses]) => [...addresses].map(([brokerId, address]) => ({ brokerName, brokerId, address })));
  }

  /** Name of the broker behind an address; `undefined` when it is none. */
  at(address: string): BrokerAddress | undefined {
    for (const [brokerName, addresses] of this.#byName) {
      for (const [brokerId, candidate] of addresses) {
        if (candidate === address) return { brokerName, brokerId, address };
      }
    }
    return undefined;
  }
}
