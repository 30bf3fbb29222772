import type { ConsumerData } from '../../lib/protocol/body/heartbeat-data.js';
import type { SubscriptionData } from '../../lib/protocol/body/subscription-data.js';
import type { ClientInfo, RegisteredClient } from './client-info.js';

/** How a group consumes, from its latest heartbeat. */
export type ConsumptionMode = Pick<ConsumerData, 'consumeType' | 'messageModel' | 'consumeFromWhere'>;

interface Member extends RegisteredClient {
  lastUpdateTimestamp: number;
}

/** The online members of one consumer group and what they subscribe to. Apache: ConsumerGroupInfo.java. */
export class ConsumerGroup {
  readonly #members = new Map<number, Member>();
  readonly #subscriptions = new Map<string, SubscriptionData>();
  #mode: ConsumptionMode;

  constructor(
    readonly name: string,
    mode: ConsumptionMode,
  ) {
    this.#mode = mode;
  }

  get mode(): ConsumptionMode {
    return this.#mode;
  }

  /** Every member reads all queues; the broker neither balances nor keeps offsets for it. */
  get isBroadcasting(): boolean {
    return this.#mode.messageModel === 'BROADCASTING';
  }

  get memberCount(): number {
    return this.#members.size;
  }

  /** The members, one per connection. */
  members(): RegisteredClient[] {
    return [...this.#members.values()];
  }

  /** Connections of all members. */
  connectionIds(): number[] {
    return [...this.#members.keys()];
  }

  /** The member on a connection. */
  memberOn(connectionId: number): RegisteredClient | undefined {
    return this.#members.get(connectionId);
  }

  /** The first member with a client id. */
  memberNamed(clientId: string): RegisteredClient | undefined {
    for (const member of this.#members.values()) if (member.clientId === clientId) return member;
    return undefined;
  }

  /** What the group reads of a topic. */
  subscriptionOf(topic: string): SubscriptionData | undefined {
    return this.#subscriptions.get(topic);
  }

  /** All subscriptions by topic. */
  subscriptions(): ReadonlyMap<string, SubscriptionData> {
    return this.#subscriptions;
  }

  /** Takes a heartbeat's facts over; says whether the connection is new to the group. */
  refresh(client: ClientInfo, mode: ConsumptionMode, now: number): boolean {
    this.#mode = mode;
    const known = this.#members.get(client.connectionId);
    if (known !== undefined && known.clientId === client.clientId) {
      known.lastUpdateTimestamp = now;
      return false;
    }
    this.#members.set(client.connectionId, { ...client, lastUpdateTimestamp: now });
    return known === undefined;
  }

  /**
   * Makes the subscriptions those of a heartbeat; says whether topics came or went. A topic's expression is replaced only by a newer
   * version: members are updated one after another, and an old member's heartbeat must not take the new expression back.
   */
  subscribe(subscriptions: readonly SubscriptionData[]): { readonly changed: boolean; readonly added: string[]; readonly removed: string[] } {
    const added: string[] = [];
    const topics = new Set<string>();
    for (const subscription of subscriptions) {
      const known = this.#subscriptions.get(subscription.topic);
      if (known === undefined) added.push(subscription.topic);
      if (known === undefined || subscription.subVersion > known.subVersion) this.#subscriptions.set(subscription.topic, subscription);
      topics.add(subscription.topic);
    }
    const removed = [...this.#subscriptions.keys()].filter((topic) => !topics.has(topic));
    for (const topic of removed) this.#subscriptions.delete(topic);
    return { changed: added.length > 0 || removed.length > 0, added, removed };
  }

  /** Removes the member on a connection. */
  leave(connectionId: number): RegisteredClient | undefined {
    const member = this.#members.get(connectionId);
    this.#members.delete(connectionId);
    return member;
  }
}
