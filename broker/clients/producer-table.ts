import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import { CLIENT_EXPIRY_MS, type ClientInfo, type RegisteredClient } from './client-info.js';

interface Producer extends RegisteredClient {
  lastUpdateTimestamp: number;
}

/** Owner of the online producers. Apache: ProducerManager.java. */
export class ProducerTable {
  readonly #groups = new Map<string, Map<number, Producer>>();
  readonly #groupsOfConnection = new Map<number, Set<string>>();
  readonly #connectionOfClient = new Map<string, number>();
  #nextPick = 0;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly expiryMs: number = CLIENT_EXPIRY_MS,
  ) {}

  /** Takes a heartbeat's facts over. */
  register(group: string, client: ClientInfo): void {
    let members = this.#groups.get(group);
    if (members === undefined) this.#groups.set(group, (members = new Map()));
    const known = members.get(client.connectionId);
    if (known !== undefined) {
      known.lastUpdateTimestamp = this.clock.now();
      return;
    }
    members.set(client.connectionId, { ...client, lastUpdateTimestamp: this.clock.now() });
    this.#connectionOfClient.set(client.clientId, client.connectionId);
    const groups = this.#groupsOfConnection.get(client.connectionId);
    if (groups === undefined) this.#groupsOfConnection.set(client.connectionId, new Set([group]));
    else groups.add(group);
    this.logger.info('a producer joined its group', { group, clientId: client.clientId, address: client.remoteAddress });
  }

  /** Removes a client that says it leaves. */
  unregister(group: string, connectionId: number): void {
    const members = this.#groups.get(group);
    const member = members?.get(connectionId);
    if (members === undefined || member === undefined) return;
    members.delete(connectionId);
    if (members.size === 0) this.#groups.delete(group);
    const groups = this.#groupsOfConnection.get(connectionId);
    groups?.delete(group);
    if (groups?.size === 0) {
      this.#groupsOfConnection.delete(connectionId);
      // A client that reconnected is found by its new connection already.
      if (this.#connectionOfClient.get(member.clientId) === connectionId) this.#connectionOfClient.delete(member.clientId);
    }
    this.logger.info('a producer left its group', { group, clientId: member.clientId });
  }

  /** Removes what was registered on a connection that is gone. */
  connectionClosed(connectionId: number): void {
    for (const group of [...(this.#groupsOfConnection.get(connectionId) ?? [])]) this.unregister(group, connectionId);
  }

  /** Removes clients whose heartbeats have stopped; returns their connections, which are to be closed. */
  removeExpired(): number[] {
    const now = this.clock.now();
    const expired: number[] = [];
    for (const [group, members] of [...this.#groups]) {
      for (const member of [...members.values()]) {
        if (now - member.lastUpdateTimestamp <= this.expiryMs) continue;
        this.logger.warn('a producer sends no heartbeats any more', { group, clientId: member.clientId });
        this.unregister(group, member.connectionId);
        expired.push(member.connectionId);
      }
    }
    return expired;
  }

  /** Members of an online group; `undefined` when none is connected. */
  members(group: string): RegisteredClient[] | undefined {
    const members = this.#groups.get(group);
    return members === undefined ? undefined : [...members.values()];
  }

  /** Names of all online groups. */
  groupNames(): string[] {
    return [...this.#groups.keys()];
  }

  /** Connection of a client by its id, whatever its groups. */
  connectionOf(clientId: string): number | undefined {
    return this.#connectionOfClient.get(clientId);
  }

  /** Connections of a group, beginning with another one at every call, for requests that any member may answer. */
  connectionsInTurn(group: string): number[] {
    const ids = [...(this.#groups.get(group)?.keys() ?? [])];
    if (ids.length === 0) return ids;
    const first = this.#nextPick++ % ids.length;
    return [...ids.slice(first), ...ids.slice(0, first)];
  }
}
