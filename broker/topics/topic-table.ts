import type { DataVersion } from '../../lib/protocol/body/data-version.js';
import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';
import { decodeTopicConfigWrapper, type TopicConfigWrapper } from '../../lib/protocol/body/topic-config-wrapper.js';
import { isInherited, PERM_INHERIT, PERM_READ, PERM_WRITE } from '../../lib/protocol/perm.js';
import { isSystemTopic, SYSTEM_TOPIC } from '../../lib/protocol/topic-names.js';
import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { ConfigFile } from '../config/config-file.js';
import { sameVersion, TableVersion } from './data-version.js';
import { newTopicConfig, systemTopicConfigs, type TopicOptions } from './system-topics.js';
import { alterAttributes, TOPIC_ATTRIBUTES } from './topic-attributes.js';

/** What changed in a topic table. */
export interface TopicsChange {
  /** Topics created or changed, as they are now. */
  readonly changed: readonly TopicConfig[];
  /** Names of topics that are gone. */
  readonly deleted: readonly string[];
}

/** Owner of the topics of a broker and of `topics.json`. Apache: TopicConfigManager.java. */
export class TopicTable {
  readonly #topics = new Map<string, TopicConfig>();
  readonly #ownSystemTopics = new Set<string>();
  readonly #listeners = new Set<(change: TopicsChange) => void>();
  readonly #version: TableVersion;
  #saving: Promise<void> | undefined;
  readonly #unsaved = new Map<string, Promise<void>>();

  constructor(
    private readonly options: TopicOptions,
    private readonly file: ConfigFile,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#version = new TableVersion(clock);
    for (const config of systemTopicConfigs(options)) {
      this.#topics.set(config.topicName, config);
      this.#ownSystemTopics.add(config.topicName);
    }
  }

  /** Adds the stored topics. @throws RocketMqError `CONFIG_INVALID` */
  load(): void {
    const stored = this.file.load(decodeTopicConfigWrapper);
    if (stored === undefined) return;
    for (const [topicName, config] of Object.entries(stored.topicConfigTable)) this.#topics.set(topicName, { ...config, topicName });
    this.#version.restore(stored.dataVersion);
  }

  /** A topic's configuration; `undefined` when there is no such topic. */
  find(topic: string): TopicConfig | undefined {
    return this.#topics.get(topic);
  }

  has(topic: string): boolean {
    return this.#topics.has(topic);
  }

  get size(): number {
    return this.#topics.size;
  }

  /** Changes with every change of the table. */
  get dataVersion(): DataVersion {
    return this.#version.current;
  }

  /** Whether the topic is marked as ordered. */
  isOrdered(topic: string): boolean {
    return this.#topics.get(topic)?.order ?? false;
  }

  /** Whether the topic belongs to the brokers: users may neither change nor delete it. */
  isSystemTopic(topic: string): boolean {
    return isSystemTopic(topic) || this.#ownSystemTopics.has(topic);
  }

  /** Names of the topics that belong to the brokers. */
  systemTopicNames(): string[] {
    const names = new Set<string>(Object.values(SYSTEM_TOPIC).filter((name) => name !== SYSTEM_TOPIC.TIMER));
    for (const name of this.#ownSystemTopics) names.add(name);
    return [...names];
  }

  /** The topic; created after the pattern `defaultTopic` when it is unknown; `undefined` when the pattern does not allow it. */
  createForSend(topic: string, defaultTopic: string, clientQueueNums: number, topicSysFlag: number): TopicConfig | undefined {
    const existing = this.#topics.get(topic);
    if (existing !== undefined) return existing;
    const pattern = this.#topics.get(defaultTopic);
    // A pattern left in topics.json does not outlive the option.
    const disabled = defaultTopic === SYSTEM_TOPIC.AUTO_CREATE && !this.options.autoCreateTopicEnable;
    if (pattern === undefined || disabled || !isInherited(pattern.perm)) {
      this.logger.warn('a topic was not created by its first message', { topic, pattern: defaultTopic, perm: pattern?.perm });
      return undefined;
    }
    const queues = Math.max(0, Math.min(clientQueueNums, pattern.writeQueueNums));
    const perm = pattern.perm & ~PERM_INHERIT;
    return this.#add({ ...newTopicConfig(topic, queues, perm), topicFilterType: pattern.topicFilterType, topicSysFlag });
  }

  /** The topic, created when unknown; a different `order` is corrected. For retry, dead-letter and the broker's own topics. */
  createIfAbsent(topic: string, queues: number, settings: { perm?: number; order?: boolean; topicSysFlag?: number } = {}): TopicConfig {
    const { perm = PERM_READ | PERM_WRITE, order, topicSysFlag = 0 } = settings;
    const existing = this.#topics.get(topic);
    if (existing === undefined) return this.#add({ ...newTopicConfig(topic, queues, perm), topicSysFlag, order: order ?? false });
    if (order === undefined || existing.order === order) return existing;
    return this.#add({ ...existing, order });
  }

  /**
   * Creates or replaces topics. Their `attributes` are signed changes (`+key`, `-key`) to those the topic has.
   * @throws AttributeError; then nothing has changed
   */
  update(configs: readonly TopicConfig[]): void {
    const updated = configs.map((config) => ({
      ...config,
      attributes: alterAttributes(TOPIC_ATTRIBUTES, this.#topics.get(config.topicName)?.attributes, config.attributes ?? {}),
    }));
    for (const config of updated) {
      this.#topics.set(config.topicName, config);
      this.#version.advance();
    }
    this.#changed({ changed: updated, deleted: [] });
  }

  /** Removes a topic; says whether there was one. */
  delete(topic: string): boolean {
    if (!this.#topics.delete(topic)) return false;
    this.#version.advance();
    this.logger.info('deleted a topic', { topic });
    this.#changed({ changed: [], deleted: [topic] });
    return true;
  }

  /** Marks the topics a NameServer lists as ordered. */
  markOrdered(topics: Iterable<string>): void {
    const changed: TopicConfig[] = [];
    for (const topic of topics) {
      const config = this.#topics.get(topic);
      if (config !== undefined && !config.order) changed.push({ ...config, order: true });
    }
    if (changed.length === 0) return;
    for (const config of changed) this.#topics.set(config.topicName, config);
    this.#version.advance();
    this.#save();
  }

  /** Makes peers read the table again, after a change of something that is announced with it (the broker's permission). */
  touch(): void {
    this.#version.advance();
    this.#changed({ changed: [], deleted: [] });
  }

  /** The whole table as it is announced to NameServers and replicas. */
  wrapper(): TopicConfigWrapper {
    return this.#wrap(this.#topics);
  }

  /** A page of the table, by name, for peers that copy it piece by piece; another `dataVersion` than ours starts again at 0. */
  page(dataVersion: DataVersion | undefined, first: number, count: number): TopicConfigWrapper {
    const begin = dataVersion !== undefined && sameVersion(dataVersion, this.#version.current) ? first : 0;
    const names = [...this.#topics.keys()].sort().slice(begin, begin + count);
    return this.#wrap(names.map((name): [string, TopicConfig] => [name, this.#topics.get(name) as TopicConfig]));
  }

  /** Resolves when every change so far is safe on disk; `undefined` when it is already. @throws the disk's error */
  persisted(): Promise<void> | undefined {
    return this.#saving;
  }

  /** As {@link persisted}, for one topic: what is sent to a topic must not be acknowledged before the topic would survive. */
  persistedTopic(topic: string): Promise<void> | undefined {
    return this.#unsaved.size === 0 ? undefined : this.#unsaved.get(topic);
  }

  /** Calls `listener` after every change that others must hear of; returns the function that ends it. */
  onChanged(listener: (change: TopicsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits for the writes under way. */
  close(): Promise<void> {
    return this.file.settled();
  }

  #add(config: TopicConfig): TopicConfig {
    this.#topics.set(config.topicName, config);
    this.#version.advance();
    this.logger.info('created a topic', { topic: config.topicName, queues: config.writeQueueNums, perm: config.perm });
    this.#changed({ changed: [config], deleted: [] });
    return config;
  }

  #changed(change: TopicsChange): void {
    this.#save();
    const saving = this.#saving;
    if (saving !== undefined) for (const { topicName } of change.changed) this.#unsaved.set(topicName, saving);
    for (const listener of this.#listeners) listener(change);
  }

  #save(): void {
    const saving = this.file.save(() => JSON.stringify(this.wrapper(), null, '\t'));
    this.#saving = saving;
    saving.then(
      () => this.#saved(saving),
      (error: unknown) => {
        this.#saved(saving);
        this.logger.error('topics.json could not be written; topics created since the last write are lost when the process ends', { error });
      },
    );
  }

  #saved(saving: Promise<void>): void {
    if (this.#saving === saving) this.#saving = undefined;
    for (const [topic, promise] of this.#unsaved) if (promise === saving) this.#unsaved.delete(topic);
  }

  #wrap(entries: Iterable<[string, TopicConfig]>): TopicConfigWrapper {
    return { topicConfigTable: Object.fromEntries(entries), dataVersion: this.#version.current };
  }
}
