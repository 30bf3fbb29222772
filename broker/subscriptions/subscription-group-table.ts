import type { DataVersion } from '../../lib/protocol/body/data-version.js';
import { decodeSubscriptionGroupWrapper, type SubscriptionGroupConfig, type SubscriptionGroupWrapper } from '../../lib/protocol/body/subscription-group-config.js';
import { SYSTEM_GROUP, SYSTEM_GROUP_PREFIX, validateGroupName } from '../../lib/protocol/topic-names.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { ConfigFile } from '../config/config-file.js';
import { sameVersion, TableVersion } from '../topics/data-version.js';
import { alterAttributes } from '../topics/topic-attributes.js';

/** Options of the group table, under their names in `broker.conf`. */
export interface SubscriptionGroupOptions {
  /** Whether a group is created when it is first heard of. */
  readonly autoCreateSubscriptionGroup: boolean;
}

const OWN_GROUPS: readonly string[] = [
  SYSTEM_GROUP.TOOLS_CONSUMER,
  SYSTEM_GROUP.FILTERSRV_CONSUMER,
  SYSTEM_GROUP.SELF_TEST_CONSUMER,
  SYSTEM_GROUP.ONS_HTTP_PROXY,
  SYSTEM_GROUP.ONSAPI_PULL,
  SYSTEM_GROUP.ONSAPI_PERMISSION,
  SYSTEM_GROUP.ONSAPI_OWNER,
  SYSTEM_GROUP.TRANSACTION,
];

/** Bit of a group's entry in the forbidden table: reading the topic is forbidden. Apache: PermName.java, INDEX_PERM_READ. */
const READ_FORBIDDEN = 1 << 2;

/** A group's settings with Apache's defaults. Apache: SubscriptionGroupConfig.java. */
export function newGroupConfig(groupName: string): SubscriptionGroupConfig {
  return {
    groupName,
    consumeEnable: true,
    consumeFromMinEnable: true,
    consumeBroadcastEnable: true,
    consumeMessageOrderly: false,
    retryQueueNums: 1,
    retryMaxTimes: 16,
    groupRetryPolicy: { type: 'CUSTOMIZED' },
    brokerId: 0,
    whichBrokerWhenConsumeSlowly: 1,
    notifyConsumerIdsChangedEnable: true,
    groupSysFlag: 0,
    consumeTimeoutMinute: 15,
    attributes: {},
  };
}

/** Owner of the consumer groups' settings and of `subscriptionGroup.json`. Apache: SubscriptionGroupManager.java. */
export class SubscriptionGroupTable {
  readonly #groups = new Map<string, SubscriptionGroupConfig>();
  readonly #forbidden = new Map<string, Map<string, number>>();
  readonly #version: TableVersion;
  #saving: Promise<void> | undefined;

  constructor(
    private readonly options: SubscriptionGroupOptions,
    private readonly file: ConfigFile,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#version = new TableVersion(clock);
    for (const name of OWN_GROUPS) this.#groups.set(name, newGroupConfig(name));
  }

  /** Adds the stored groups. @throws RocketMqError `CONFIG_INVALID` */
  load(): void {
    const stored = this.file.load(decodeSubscriptionGroupWrapper);
    if (stored === undefined) return;
    for (const [groupName, config] of Object.entries(stored.subscriptionGroupTable)) this.#groups.set(groupName, { ...config, groupName });
    for (const [group, topics] of Object.entries(stored.forbiddenTable)) this.#forbidden.set(group, new Map(Object.entries(topics)));
    this.#version.restore(stored.dataVersion);
  }

  /** A group's settings, without creating it. */
  peek(group: string): SubscriptionGroupConfig | undefined {
    return this.#groups.get(group);
  }

  has(group: string): boolean {
    return this.#groups.has(group);
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Names of all groups. */
  names(): string[] {
    return [...this.#groups.keys()];
  }

  /** Changes with every change of the table. */
  get dataVersion(): DataVersion {
    return this.#version.current;
  }

  /** A group's settings; an unknown group is created when the options and its name allow, else `undefined`. */
  find(group: string): SubscriptionGroupConfig | undefined {
    const existing = this.#groups.get(group);
    if (existing !== undefined) return existing;
    if (!this.options.autoCreateSubscriptionGroup && !group.startsWith(SYSTEM_GROUP_PREFIX)) return undefined;
    if (validateGroupName(group) !== undefined) return undefined;
    const created = newGroupConfig(group);
    this.#groups.set(group, created);
    this.logger.info('created a consumer group', { group });
    this.#changed();
    return created;
  }

  /**
   * Creates or replaces groups. Their `attributes` are signed changes to those the group has.
   * @throws AttributeError; then nothing has changed
   */
  update(configs: readonly SubscriptionGroupConfig[]): void {
    const updated = configs.map((config) => ({
      ...config,
      attributes: alterAttributes({}, this.#groups.get(config.groupName)?.attributes, config.attributes ?? {}),
    }));
    for (const config of updated) this.#groups.set(config.groupName, config);
    if (updated.length > 0) this.#changed();
  }

  /** Removes a group; says whether there was one. */
  delete(group: string): boolean {
    this.#forbidden.delete(group);
    if (!this.#groups.delete(group)) return false;
    this.logger.info('deleted a consumer group', { group });
    this.#changed();
    return true;
  }

  /** Whether the group may not read the topic. */
  isReadForbidden(group: string, topic: string): boolean {
    return ((this.#forbidden.get(group)?.get(topic) ?? 0) & READ_FORBIDDEN) !== 0;
  }

  /** Forbids or allows a group to read a topic. */
  setReadForbidden(group: string, topic: string, forbidden: boolean): void {
    if (this.isReadForbidden(group, topic) === forbidden) return;
    const bits = ((this.#forbidden.get(group)?.get(topic) ?? 0) & ~READ_FORBIDDEN) | (forbidden ? READ_FORBIDDEN : 0);
    const topics = this.#forbidden.get(group) ?? new Map<string, number>();
    if (bits === 0) topics.delete(topic);
    else topics.set(topic, bits);
    if (topics.size === 0) this.#forbidden.delete(group);
    else this.#forbidden.set(group, topics);
    this.#changed();
  }

  /** The whole table as it is sent to tools and replicas. */
  wrapper(): SubscriptionGroupWrapper {
    return this.#wrap([...this.#groups.keys()]);
  }

  /** A page of the table, by name; another `dataVersion` than ours starts again at 0. */
  page(dataVersion: DataVersion | undefined, first: number, count: number): SubscriptionGroupWrapper {
    const begin = dataVersion !== undefined && sameVersion(dataVersion, this.#version.current) ? first : 0;
    return this.#wrap([...this.#groups.keys()].sort().slice(begin, begin + count));
  }

  /** Resolves when every change so far is safe on disk; `undefined` when it is already. @throws the disk's error */
  persisted(): Promise<void> | undefined {
    return this.#saving;
  }

  /** Waits for the writes under way. */
  close(): Promise<void> {
    return this.file.settled();
  }

  #changed(): void {
    this.#version.advance();
    const saving = this.file.save(() => JSON.stringify(this.wrapper(), null, '\t'));
    this.#saving = saving;
    saving.then(
      () => {
        if (this.#saving === saving) this.#saving = undefined;
      },
      (error: unknown) => {
        if (this.#saving === saving) this.#saving = undefined;
        this.logger.error('subscriptionGroup.json could not be written; groups created since the last write are lost when the process ends', { error });
      },
    );
  }

  #wrap(names: readonly string[]): SubscriptionGroupWrapper {
    const subscriptionGroupTable: Record<string, SubscriptionGroupConfig> = {};
    const forbiddenTable: Record<string, Record<string, number>> = {};
    for (const name of names) {
      const config = this.#groups.get(name);
      if (config !== undefined) subscriptionGroupTable[name] = config;
      const topics = this.#forbidden.get(name);
      if (topics !== undefined) forbiddenTable[name] = Object.fromEntries(topics);
    }
    return { subscriptionGroupTable, forbiddenTable, dataVersion: this.#version.current };
  }
}
