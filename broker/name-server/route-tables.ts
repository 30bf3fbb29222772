import type { ClusterInfo } from '../../lib/protocol/body/cluster-info.js';
import type { DataVersion } from '../../lib/protocol/body/data-version.js';
import type { TopicConfigWrapper } from '../../lib/protocol/body/topic-config-wrapper.js';
import type { QueueData, TopicRouteData } from '../../lib/protocol/body/topic-route-data.js';
import { PERM_WRITE } from '../../lib/protocol/perm.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import { sameVersion } from '../topics/data-version.js';
import { brokerDataOf, BrokerTable, MASTER_ID, minBrokerId, type BrokerEndpoint, type BrokerGroup, type LiveBroker } from './broker-table.js';
import { routeWithActingMasters } from './acting-master.js';
import { FilterServers } from './filter-servers.js';
import { queueDataOf, TopicQueues } from './topic-queues.js';

/** The settings that decide how routes are kept; read anew at every use. */
export interface RouteSettings {
  readonly brokerExpiredTime: number;
  readonly supportActingMaster: boolean;
  readonly deleteTopicWithBrokerRegistration: boolean;
}

/** What a broker tells when it registers. */
export interface BrokerRegistration extends BrokerEndpoint {
  readonly brokerName: string;
  readonly brokerId: number;
  /** Where slaves replicate from. */
  readonly haServerAddr?: string;
  readonly zoneName?: string;
  /** Silence after which it is to be dropped; absent: the NameServer's own time. */
  readonly heartbeatTimeoutMs?: number;
  /** Absent from brokers before 5.0. */
  readonly enableActingMaster?: boolean;
  readonly topics: TopicConfigWrapper;
  readonly filterServers: readonly string[];
  readonly connectionId: number;
}

/** What a slave learns from registering; empty for a master. */
export interface RegistrationResult {
  readonly haServerAddr?: string;
  readonly masterAddr?: string;
}

/** Which broker leaves. */
export interface BrokerRemoval extends BrokerEndpoint {
  readonly brokerName: string;
  readonly brokerId: number;
}

/** The smallest broker id of a name is another one now. Apache: NotifyMinBrokerIdChangeRequestHeader.java. */
export interface MinBrokerIdChange {
  readonly brokerName: string;
  readonly minBrokerId: number;
  readonly minBrokerAddr: string;
  readonly offlineBrokerAddr?: string;
  readonly haServerAddr?: string;
  /** Brokers to be told. */
  readonly notify: readonly string[];
}

/**
 * Which brokers live and which topics they serve: everything a NameServer knows. Nothing of it is stored; brokers tell it again
 * within one registration period. Apache: RouteInfoManager.java.
 */
export class RouteTables {
  readonly #brokers = new BrokerTable();
  readonly #queues = new TopicQueues();
  readonly #filterServers = new FilterServers();
  readonly #listeners = new Set<(change: MinBrokerIdChange) => void>();

  constructor(
    private readonly settings: () => RouteSettings,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Adds a broker or renews it; `undefined` when it is refused: it must send all its topics first. */
  register(registration: BrokerRegistration): RegistrationResult | undefined {
    const { clusterName, brokerName, brokerAddr, brokerId, topics } = registration;
    const known = this.#brokers.group(brokerName);
    if (known !== undefined && this.#isOutdated(registration, known)) {
      this.#brokers.dropLive(registration);
      return {};
    }
    if (!known?.addresses.has(brokerId) && Object.keys(topics.topicConfigTable).length === 1) {
      this.logger.warn('a broker sent one topic before it sent all of them; it has to register first', { brokerName, brokerAddr, brokerId });
      return undefined;
    }
    const group = this.#brokers.ensureGroup(clusterName, brokerName);
    const previousMin = minBrokerId(group.addresses) ?? 0;
    group.enableActingMaster = registration.enableActingMaster ?? false;
    group.zoneName = registration.zoneName;
    // A broker that changed its id (a slave made master) must not be listed under both.
    for (const [id, address] of group.addresses) if (address === brokerAddr && id !== brokerId) group.addresses.delete(id);
    const isFirst = known === undefined || !group.addresses.has(brokerId);
    group.addresses.set(brokerId, brokerAddr);
    this.#acceptTopics(registration, group, isFirst);
    this.#keepAlive(registration);
    this.#filterServers.set(registration, registration.filterServers);
    if (brokerId < previousMin) this.#announceMinBrokerId(group, { haServerAddr: registration.haServerAddr });
    return this.#masterOf(group, brokerId);
  }

  /** Removes one broker; its name and topics go with its last address. */
  unregister(removal: BrokerRemoval): void {
    const { clusterName, brokerName, brokerAddr, brokerId } = removal;
    const wasLive = this.#brokers.dropLive(removal);
    this.#filterServers.set(removal, []);
    const group = this.#brokers.group(brokerName);
    if (group === undefined) return;
    const wasMin = minBrokerId(group.addresses) === brokerId;
    for (const [id, address] of group.addresses) if (address === brokerAddr) group.addresses.delete(id);
    if (wasLive) this.logger.info('a broker left', { clusterName, brokerName, brokerAddr, brokerId });
    if (group.addresses.size === 0) {
      this.#brokers.dropGroup(clusterName, brokerName);
      for (const topic of this.#queues.topicsOfBroker(brokerName)) this.#queues.remove(topic, brokerName);
      return;
    }
    if (group.enableActingMaster && !group.addresses.has(MASTER_ID)) this.#queues.wipeWritePermission(brokerName);
    if (wasMin && group.enableActingMaster) this.#announceMinBrokerId(group, { offlineBrokerAddr: brokerAddr });
  }

  /** Removes the brokers that registered over a connection that is closed now. */
  connectionClosed(connectionId: number): void {
    for (const broker of this.#brokers.allLive()) {
      if (broker.connectionId !== connectionId) continue;
      this.logger.warn('the connection of a broker closed; it is dropped until it registers again', facts(broker));
      this.unregister(broker);
    }
  }

  /** Removes the brokers that were silent for too long; returns them, so that their connections can be closed. */
  expireSilent(): LiveBroker[] {
    const now = this.clock.monotonic();
    const silent = this.#brokers.allLive().filter((broker) => broker.lastSeen + broker.heartbeatTimeoutMs < now);
    for (const broker of silent) {
      this.logger.warn('a broker was silent for too long; it is dropped', { ...facts(broker), silentMs: Math.round(now - broker.lastSeen) });
      this.unregister(broker);
    }
    return silent;
  }

  /** Notes a sign of life; nothing happens for a broker that is not registered. */
  refresh(endpoint: BrokerEndpoint): void {
    const live = this.#brokers.live(endpoint);
    if (live !== undefined) live.lastSeen = this.clock.monotonic();
  }

  /** The version of the topics a broker registered last. */
  dataVersionOf(endpoint: BrokerEndpoint): DataVersion | undefined {
    return this.#brokers.live(endpoint)?.dataVersion;
  }

  /** The route of a topic; `undefined` when no broker serves it. */
  routeOf(topic: string): TopicRouteData | undefined {
    const byBroker = this.#queues.ofTopic(topic);
    if (byBroker === undefined) return undefined;
    const groups = [...byBroker.keys()].map((name) => this.#brokers.group(name)).filter((group) => group !== undefined);
    if (groups.length === 0) return undefined;
    const route: TopicRouteData = {
      queueDatas: [...byBroker.values()],
      brokerDatas: groups.map(brokerDataOf),
      filterServerTable: this.#filterServers.ofGroups(groups),
    };
    return this.settings().supportActingMaster ? routeWithActingMasters(topic, route) : route;
  }

  /** All brokers by name, and the names by cluster. */
  clusterInfo(): ClusterInfo {
    return {
      brokerAddrTable: Object.fromEntries([...this.#brokers.groups()].map((group) => [group.brokerName, brokerDataOf(group)])),
      clusterAddrTable: Object.fromEntries([...this.#brokers.clusters()].map(([name, brokers]) => [name, [...brokers]])),
    };
  }

  /** The master and slaves of a name; empty when unknown. */
  memberAddresses(brokerName: string): Readonly<Record<number, string>> {
    return Object.fromEntries(this.#brokers.group(brokerName)?.addresses ?? []);
  }

  /** Names of all topics. */
  topicNames(): string[] {
    return this.#queues.names();
  }

  /** Names of the topics that any broker of a cluster serves. */
  topicNamesOfCluster(clusterName: string): string[] {
    const names = new Set<string>();
    for (const brokerName of this.#brokers.clusters().get(clusterName) ?? []) {
      for (const topic of this.#queues.topicsOfBroker(brokerName)) names.add(topic);
    }
    return [...names];
  }

  /** Names of the topics whose system flags pass `test`. */
  topicNamesByFlag(test: (topicSysFlag: number) => boolean): string[] {
    return this.#queues.namesWhere((queues) => test(queues.topicSysFlag));
  }

  /** Topics every cluster has (named like clusters and brokers), and the address of some broker. */
  systemTopics(): { topicNames: string[]; brokerAddr: string | undefined } {
    const names = new Set<string>();
    for (const [cluster, brokers] of this.#brokers.clusters()) {
      names.add(cluster);
      for (const brokerName of brokers) names.add(brokerName);
    }
    const [first] = this.#brokers.groups();
    return { topicNames: [...names], brokerAddr: first?.addresses.values().next().value };
  }

  /** Adds queues of brokers that are known; ignored as a whole when one is not. */
  registerTopic(topic: string, queues: readonly QueueData[]): void {
    const stranger = queues.find(({ brokerName }) => this.#brokers.group(brokerName) === undefined);
    if (stranger !== undefined) {
      this.logger.warn('a topic was announced for a broker that is not registered; ignored', { topic, brokerName: stranger.brokerName });
      return;
    }
    for (const data of queues) this.#queues.set(topic, data);
  }

  /** Forgets a topic, everywhere or in one cluster; brokers that still have it announce it again. */
  deleteTopic(topic: string, clusterName?: string): void {
    if (!clusterName) return this.#queues.removeTopic(topic);
    for (const brokerName of this.#brokers.clusters().get(clusterName) ?? []) this.#queues.remove(topic, brokerName);
  }

  /** Takes the write permission of all topics from a broker. @returns how many topics it has */
  wipeWritePermission(brokerName: string): number {
    return this.#queues.wipeWritePermission(brokerName);
  }

  /** Gives read and write permission on all topics to a broker. @returns how many topics it has */
  addWritePermission(brokerName: string): number {
    return this.#queues.addWritePermission(brokerName);
  }

  /** Calls `listener` whenever the smallest id of a broker name changes; returns the function that ends it. */
  onMinBrokerIdChanged(listener: (change: MinBrokerIdChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether another process with newer state already holds this id. */
  #isOutdated(registration: BrokerRegistration, group: BrokerGroup): boolean {
    const holder = group.addresses.get(registration.brokerId);
    if (holder === undefined || holder === registration.brokerAddr) return false;
    const other = this.#brokers.live({ clusterName: registration.clusterName, brokerAddr: holder });
    if (other === undefined || other.dataVersion.stateVersion <= registration.topics.dataVersion.stateVersion) return false;
    this.logger.warn('two brokers claim one id; the one with the older state is ignored', {
      ...facts(other),
      ignoredAddr: registration.brokerAddr,
    });
    return true;
  }

  #acceptTopics(registration: BrokerRegistration, group: BrokerGroup, isFirst: boolean): void {
    const { brokerName, brokerId, topics } = registration;
    const isPrimeSlave = registration.enableActingMaster !== undefined && brokerId !== MASTER_ID && brokerId === minBrokerId(group.addresses);
    if (brokerId !== MASTER_ID && !isPrimeSlave) return;
    if (this.settings().deleteTopicWithBrokerRegistration) this.#dropMissingTopics(brokerName, topics);
    const before = this.#brokers.live(registration)?.dataVersion;
    const isChanged = isFirst || before === undefined || !sameVersion(before, topics.dataVersion);
    for (const config of Object.values(topics.topicConfigTable)) {
      if (!isChanged && this.#queues.ofTopic(config.topicName)?.has(brokerName)) continue;
      const perm = isPrimeSlave && group.enableActingMaster ? config.perm & ~PERM_WRITE : config.perm;
      this.#queues.set(config.topicName, queueDataOf(brokerName, config, perm));
    }
  }

  #dropMissingTopics(brokerName: string, topics: TopicConfigWrapper): void {
    for (const topic of this.#queues.topicsOfBroker(brokerName)) {
      if (!Object.hasOwn(topics.topicConfigTable, topic)) this.#queues.remove(topic, brokerName);
    }
  }

  #keepAlive(registration: BrokerRegistration): void {
    const { clusterName, brokerAddr, brokerName, brokerId, haServerAddr, connectionId, topics } = registration;
    const previous = this.#brokers.putLive({
      clusterName,
      brokerAddr,
      brokerName,
      brokerId,
      haServerAddr,
      connectionId,
      heartbeatTimeoutMs: registration.heartbeatTimeoutMs ?? this.settings().brokerExpiredTime,
      dataVersion: topics.dataVersion,
      lastSeen: this.clock.monotonic(),
    });
    if (previous === undefined) this.logger.info('a broker registered', { clusterName, brokerName, brokerId, brokerAddr, haServerAddr });
  }

  #masterOf(group: BrokerGroup, brokerId: number): RegistrationResult {
    const masterAddr = brokerId === MASTER_ID ? undefined : group.addresses.get(MASTER_ID);
    if (masterAddr === undefined) return {};
    const master = this.#brokers.live({ clusterName: group.clusterName, brokerAddr: masterAddr });
    return master === undefined ? {} : { haServerAddr: master.haServerAddr, masterAddr };
  }

  #announceMinBrokerId(group: BrokerGroup, rest: { offlineBrokerAddr?: string; haServerAddr?: string }): void {
    const minId = minBrokerId(group.addresses);
    if (minId === undefined) return;
    // After a departure everybody is told; after an arrival those who were there before.
    const everybody = rest.offlineBrokerAddr !== undefined || group.addresses.size === 1;
    const notify = [...group.addresses].filter(([id]) => everybody || id !== minId).map(([, address]) => address);
    const change: MinBrokerIdChange = {
      brokerName: group.brokerName,
      minBrokerId: minId,
      minBrokerAddr: group.addresses.get(minId) as string,
      ...rest,
      notify,
    };
    for (const listener of this.#listeners) listener(change);
  }
}

function facts(broker: LiveBroker): { clusterName: string; brokerName: string; brokerAddr: string; brokerId: number } {
  const { clusterName, brokerName, brokerAddr, brokerId } = broker;
  return { clusterName, brokerName, brokerAddr, brokerId };
}
