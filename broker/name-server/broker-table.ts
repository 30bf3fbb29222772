import type { DataVersion } from '../../lib/protocol/body/data-version.js';
import type { BrokerData } from '../../lib/protocol/body/topic-route-data.js';

/** The master's broker id. */
export const MASTER_ID = 0;

/** Brokers of one name: a master and its slaves. */
export interface BrokerGroup {
  readonly brokerName: string;
  readonly clusterName: string;
  /** Addresses by broker id. */
  readonly addresses: Map<number, string>;
  enableActingMaster: boolean;
  zoneName: string | undefined;
}

/** Identifies one broker process: cluster and address. */
export interface BrokerEndpoint {
  readonly clusterName: string;
  readonly brokerAddr: string;
}

/** What is known of a broker process that registered. */
export interface LiveBroker extends BrokerEndpoint {
  readonly brokerName: string;
  readonly brokerId: number;
  readonly heartbeatTimeoutMs: number;
  readonly dataVersion: DataVersion;
  readonly haServerAddr: string | undefined;
  /** The connection of the last registration; when it closes, the broker is gone. */
  readonly connectionId: number;
  /** Monotonic time of the last sign of life. */
  lastSeen: number;
}

/** Brokers by name, by cluster and by address. Holds facts, decides nothing. */
export class BrokerTable {
  readonly #groups = new Map<string, BrokerGroup>();
  readonly #clusters = new Map<string, Set<string>>();
  readonly #live = new Map<string, LiveBroker>();

  /** The brokers of a name. */
  group(brokerName: string): BrokerGroup | undefined {
    return this.#groups.get(brokerName);
  }

  /** The brokers of a name, made when there are none, and listed under the cluster. */
  ensureGroup(clusterName: string, brokerName: string): BrokerGroup {
    let names = this.#clusters.get(clusterName);
    if (names === undefined) this.#clusters.set(clusterName, (names = new Set()));
    names.add(brokerName);
    let group = this.#groups.get(brokerName);
    if (group === undefined) {
      group = { brokerName, clusterName, addresses: new Map(), enableActingMaster: false, zoneName: undefined };
      this.#groups.set(brokerName, group);
    }
    return group;
  }

  /** Forgets a name that has no addresses left. */
  dropGroup(clusterName: string, brokerName: string): void {
    this.#groups.delete(brokerName);
    const names = this.#clusters.get(clusterName);
    if (names === undefined) return;
    names.delete(brokerName);
    if (names.size === 0) this.#clusters.delete(clusterName);
  }

  /** All groups. */
  groups(): IterableIterator<BrokerGroup> {
    return this.#groups.values();
  }

  /** Broker names by cluster. */
  clusters(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#clusters;
  }

  live(endpoint: BrokerEndpoint): LiveBroker | undefined {
    return this.#live.get(keyOf(endpoint));
  }

  /** Adds or replaces; returns what was there before. */
  putLive(broker: LiveBroker): LiveBroker | undefined {
    const key = keyOf(broker);
    const previous = this.#live.get(key);
    this.#live.set(key, broker);
    return previous;
  }

  dropLive(endpoint: BrokerEndpoint): boolean {
    return this.#live.delete(keyOf(endpoint));
  }

  /** All live brokers, as a copy. */
  allLive(): LiveBroker[] {
    return [...this.#live.values()];
  }
}

/** Smallest broker id of a group; `undefined` when it has no brokers. */
export function minBrokerId(addresses: ReadonlyMap<number, string>): number | undefined {
  return addresses.size === 0 ? undefined : Math.min(...addresses.keys());
}

/** A group as routes and the cluster list show it. */
export function brokerDataOf(group: BrokerGroup): BrokerData {
  return {
    cluster: group.clusterName,
    brokerName: group.brokerName,
    brokerAddrs: Object.fromEntries(group.addresses),
    enableActingMaster: group.enableActingMaster,
    ...(group.zoneName !== undefined && { zoneName: group.zoneName }),
  };
}

function keyOf(endpoint: BrokerEndpoint): string {
  return `${endpoint.clusterName}\u0000${endpoint.brokerAddr}`;
}
