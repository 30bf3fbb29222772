import type { SubscriptionData } from '../../lib/protocol/body/subscription-data.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import { CLIENT_EXPIRY_MS, type ClientInfo, type RegisteredClient } from './client-info.js';
import { ConsumerGroup, type ConsumptionMode } from './consumer-group.js';

/** One group's part of a heartbeat. */
export interface ConsumerRegistration {
  readonly group: string;
  readonly client: ClientInfo;
  readonly mode: ConsumptionMode;
  /** `undefined` for a heartbeat that leaves the subscriptions as they are. */
  readonly subscriptions: readonly SubscriptionData[] | undefined;
  /** Whether the group's members want to hear of changes among them. */
  readonly notify: boolean;
}

/** A change that the members of a group must hear of, so that they share the queues anew. */
export interface MembersChange {
  readonly group: string;
  /** Connections of the members, after the change. */
  readonly connectionIds: readonly number[];
}

/** Subscriptions seen in pulls are forgotten when they are older than this, ms. Apache: BrokerConfig.java, subscriptionExpiredTimeout. */
const SEEN_SUBSCRIPTION_EXPIRY_MS = 600_000;

/** Owner of the online consumers. Apache: ConsumerManager.java. */
export class ConsumerTable {
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #groupsOfTopic = new Map<string, Set<string>>();
  readonly #groupsOfConnection = new Map<number, Set<string>>();
  /** Subscriptions that only pulls told of (consumers without heartbeats), by group and topic. */
  readonly #seenInPulls = new Map<string, Map<string, { data: SubscriptionData; seenAt: number }>>();
  readonly #listeners = new Set<(change: MembersChange) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly expiryMs: number = CLIENT_EXPIRY_MS,
  ) {}

  /** Takes a heartbeat's facts over; says whether members or topics came or went. */
  register(registration: ConsumerRegistration): boolean {
    const { group: name, client, mode, subscriptions } = registration;
    let group = this.#groups.get(name);
    if (group === undefined) this.#groups.set(name, (group = new ConsumerGroup(name, mode)));
    const joined = group.refresh(client, mode, this.clock.now());
    if (joined) {
      this.#noteConnection(client.connectionId, name);
      this.logger.info('a consumer joined its group', { group: name, clientId: client.clientId, address: client.remoteAddress });
    }
    const change = subscriptions === undefined ? undefined : group.subscribe(subscriptions);
    for (const topic of change?.added ?? []) this.#noteTopic(topic, name);
    for (const topic of change?.removed ?? []) this.#forgetTopic(topic, name);
    const changed = joined || change?.changed === true;
    if (changed && registration.notify) this.#announce(group);
    return changed;
  }

  /** Removes a client that says it leaves. */
  unregister(groupName: string, connectionId: number, notify: boolean): void {
    const group = this.#groups.get(groupName);
    if (group === undefined) return;
    this.#leave(group, connectionId);
    if (notify) this.#announce(group);
  }

  /** Removes what was registered on a connection that is gone. */
  connectionClosed(connectionId: number): void {
    for (const name of [...(this.#groupsOfConnection.get(connectionId) ?? [])]) {
      const group = this.#groups.get(name);
      if (group === undefined) continue;
      this.#leave(group, connectionId);
      this.#announce(group);
    }
  }

  /** Removes clients whose heartbeats have stopped; returns their connections, which are to be closed. */
  removeExpired(): number[] {
    const now = this.clock.now();
    const expired: number[] = [];
    for (const group of [...this.#groups.values()]) {
      for (const member of group.members()) {
        if (now - member.lastUpdateTimestamp <= this.expiryMs) continue;
        this.logger.warn('a consumer sends no heartbeats any more', { group: group.name, clientId: member.clientId });
        this.#leave(group, member.connectionId);
        expired.push(member.connectionId);
      }
    }
    this.#forgetSeenInPulls(now);
    return expired;
  }

  /** The online group; `undefined` when none of its members is connected. */
  find(group: string): ConsumerGroup | undefined {
    return this.#groups.get(group);
  }

  /** The online client of a group by its id. */
  findClient(group: string, clientId: string): RegisteredClient | undefined {
    return this.#groups.get(group)?.memberNamed(clientId);
  }

  /** What a group reads of a topic, by its heartbeats, else by its pulls. */
  subscriptionOf(group: string, topic: string): SubscriptionData | undefined {
    return this.#groups.get(group)?.subscriptionOf(topic) ?? this.#seenInPulls.get(group)?.get(topic)?.data;
  }

  /** Number of topics a group reads by its heartbeats. */
  subscriptionCount(group: string): number {
    return this.#groups.get(group)?.subscriptions().size ?? 0;
  }

  /** Online groups that read a topic. */
  groupsOf(topic: string): string[] {
    return [...(this.#groupsOfTopic.get(topic) ?? [])];
  }

  /** Names of all online groups. */
  groupNames(): string[] {
    return [...this.#groups.keys()];
  }

  /** Notes a subscription that a pull carried. */
  noteSubscription(group: string, topic: string, data: SubscriptionData): void {
    let topics = this.#seenInPulls.get(group);
    if (topics === undefined) this.#seenInPulls.set(group, (topics = new Map()));
    topics.set(topic, { data, seenAt: this.clock.now() });
  }

  /** Calls `listener` when members must share their queues anew; returns the function that ends it. */
  onMembersChanged(listener: (change: MembersChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #announce(group: ConsumerGroup): void {
    if (group.isBroadcasting) return;
    const connectionIds = group.connectionIds();
    if (connectionIds.length === 0) return;
    for (const listener of this.#listeners) listener({ group: group.name, connectionIds });
  }

  #leave(group: ConsumerGroup, connectionId: number): void {
    const member = group.leave(connectionId);
    if (member !== undefined) this.logger.info('a consumer left its group', { group: group.name, clientId: member.clientId });
    const groups = this.#groupsOfConnection.get(connectionId);
    groups?.delete(group.name);
    if (groups?.size === 0) this.#groupsOfConnection.delete(connectionId);
    if (group.memberCount > 0) return;
    this.#groups.delete(group.name);
    for (const topic of group.subscriptions().keys()) this.#forgetTopic(topic, group.name);
  }

  #noteConnection(connectionId: number, group: string): void {
    const groups = this.#groupsOfConnection.get(connectionId);
    if (groups === undefined) this.#groupsOfConnection.set(connectionId, new Set([group]));
    else groups.add(group);
  }

  #noteTopic(topic: string, group: string): void {
    const groups = this.#groupsOfTopic.get(topic);
    if (groups === undefined) this.#groupsOfTopic.set(topic, new Set([group]));
    else groups.add(group);
  }

  #forgetTopic(topic: string, group: string): void {
    const groups = this.#groupsOfTopic.get(topic);
    groups?.delete(group);
    if (groups?.size === 0) this.#groupsOfTopic.delete(topic);
  }

  #forgetSeenInPulls(now: number): void {
    for (const [group, topics] of this.#seenInPulls) {
      for (const [topic, { seenAt }] of topics) if (now - seenAt > SEEN_SUBSCRIPTION_EXPIRY_MS) topics.delete(topic);
      if (topics.size === 0) this.#seenInPulls.delete(group);
    }
  }
}
