import type { BrokerEndpoint, BrokerGroup } from './broker-table.js';

/** Filter servers that brokers of old versions announce; kept only to be handed on in routes. */
export class FilterServers {
  readonly #byEndpoint = new Map<string, readonly string[]>();

  /** Sets the filter servers of a broker; none removes the entry. */
  set(endpoint: BrokerEndpoint, servers: readonly string[]): void {
    if (servers.length === 0) this.#byEndpoint.delete(keyOf(endpoint.clusterName, endpoint.brokerAddr));
    else this.#byEndpoint.set(keyOf(endpoint.clusterName, endpoint.brokerAddr), servers);
  }

  /** Filter servers by broker address. */
  ofGroups(groups: readonly BrokerGroup[]): Record<string, string[]> {
    if (this.#byEndpoint.size === 0) return {};
    const table: Record<string, string[]> = {};
    for (const group of groups) {
      for (const address of group.addresses.values()) {
        const servers = this.#byEndpoint.get(keyOf(group.clusterName, address));
        if (servers !== undefined) table[address] = [...servers];
      }
    }
    return table;
  }
}

function keyOf(clusterName: string, brokerAddr: string): string {
  return `${clusterName}\u0000${brokerAddr}`;
}
