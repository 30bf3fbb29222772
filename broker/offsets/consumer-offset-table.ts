import { decodeConsumerOffsetWrapper, type ConsumerOffsetWrapper } from '../../lib/protocol/body/consumer-offset-wrapper.js';
import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { ConfigFile } from '../config/config-file.js';
import { TableVersion } from '../topics/data-version.js';
import type { OffsetJournal } from './offset-journal.js';

/** Options of the offset table, under their names in `broker.conf`. */
export interface ConsumerOffsetOptions {
  /** Period of writing `consumerOffset.json`, ms. */
  readonly flushConsumerOffsetInterval: number;
}

/** Commits between two versions of the table. Apache: BrokerConfig.java, consumerOffsetUpdateVersionStep. */
const COMMITS_PER_VERSION = 500;

/** What is known of one topic and group. */
interface PairOffsets {
  /** Next offset to consume, by queue. */
  readonly committed: Map<number, number>;
  /** Offset behind the last pull, by queue; not stored. */
  readonly pulled: Map<number, number>;
  /** Offsets set by an operator that the consumer has not taken over yet; not stored. */
  readonly reset: Map<number, number>;
}

/**
 * Owner of the consumer offsets: `consumerOffset.json` in Apache's form, written every few seconds, and a journal of what changed
 * in between. An offset counts as acknowledged when {@link written} has resolved. Apache: ConsumerOffsetManager.java.
 */
export class ConsumerOffsetTable {
  readonly #topics = new Map<string, Map<string, PairOffsets>>();
  readonly #version: TableVersion;
  #commits = 0;
  #dirty = false;
  #flushTimer: TimerHandle | undefined;
  #journalOfLastSnapshot = 0;

  constructor(
    private readonly options: ConsumerOffsetOptions,
    private readonly file: ConfigFile,
    private readonly journal: OffsetJournal,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#version = new TableVersion(clock);
  }

  /** Reads the stored offsets. @throws RocketMqError `CONFIG_INVALID` */
  load(): void {
    const stored = this.file.load((raw) => ({ raw, ...decodeConsumerOffsetWrapper(raw) }));
    for (const [key, offsets] of Object.entries(stored?.offsetTable ?? {})) {
      const at = key.indexOf('@');
      if (at < 0) continue;
      const { committed } = this.#pair(key.slice(0, at), key.slice(at + 1));
      for (const [queueId, offset] of Object.entries(offsets)) committed.set(Number(queueId), offset);
    }
    this.#version.restore(stored?.dataVersion);
    const changes = this.journal.replay(stored?.raw, {
      committed: (topic, group, queueId, offset) => this.#pair(topic, group).committed.set(queueId, offset),
      dropped: (topic, group) => this.#topics.get(topic)?.delete(group),
    });
    if (changes === 0) return;
    this.#dirty = true;
    this.logger.info('took consumer offsets from the journal: the last stop was not an orderly one', { changes });
  }

  /** Begins to write the file periodically. */
  start(): void {
    this.#flushTimer = this.clock.repeat(this.options.flushConsumerOffsetInterval, () => {
      if (this.#dirty) this.flush().catch((error: unknown) => this.logger.error('consumerOffset.json could not be written', { error }));
    });
  }

  /** Sets the next offset `group` will consume. May go back: consumers do when an operator tells them to. */
  commit(group: string, topic: string, queueId: number, offset: number): void {
    const { committed } = this.#pair(topic, group);
    if (committed.get(queueId) === offset) return;
    committed.set(queueId, offset);
    this.journal.commit(topic, group, queueId, offset);
    this.#dirty = true;
    this.#commits += 1;
    if (this.#commits % COMMITS_PER_VERSION === 0) this.#version.advance();
  }

  /** Resolves when all commits so far survive the death of the process; `undefined` when they do already. @throws the disk's error */
  written(): Promise<void> | undefined {
    return this.journal.written();
  }

  /** Notes how far `group` has pulled. */
  commitPulled(group: string, topic: string, queueId: number, offset: number): void {
    this.#pair(topic, group).pulled.set(queueId, offset);
  }

  /** Next offset to consume, an operator's reset first; -1 when there is none. */
  query(group: string, topic: string, queueId: number): number {
    const pair = this.#topics.get(topic)?.get(group);
    return pair?.reset.get(queueId) ?? pair?.committed.get(queueId) ?? -1;
  }

  /** Offset behind the last pull; without one, as {@link query}. */
  queryPulled(group: string, topic: string, queueId: number): number {
    return this.#topics.get(topic)?.get(group)?.pulled.get(queueId) ?? this.query(group, topic, queueId);
  }

  /** Committed offsets of a topic and group by queue. */
  queryAll(group: string, topic: string): ReadonlyMap<number, number> {
    return this.#topics.get(topic)?.get(group)?.committed ?? new Map<number, number>();
  }

  /** Sets an offset that the next pull of the queue will be told of; until then commits of the consumer are ignored. */
  reset(group: string, topic: string, queueId: number, offset: number): void {
    this.commit(group, topic, queueId, offset);
    this.#pair(topic, group).reset.set(queueId, offset);
  }

  /** Whether a reset waits for the consumer. */
  isReset(group: string, topic: string, queueId: number): boolean {
    return this.#topics.get(topic)?.get(group)?.reset.has(queueId) ?? false;
  }

  /** The reset that waits for the consumer, and ends it; `undefined` when there is none. */
  takeReset(group: string, topic: string, queueId: number): number | undefined {
    const reset = this.#topics.get(topic)?.get(group)?.reset;
    if (reset === undefined || reset.size === 0) return undefined;
    const offset = reset.get(queueId);
    if (offset !== undefined) reset.delete(queueId);
    return offset;
  }

  /** Topics a group has offsets of. */
  topicsOf(group: string): string[] {
    const topics: string[] = [];
    for (const [topic, groups] of this.#topics) if ((groups.get(group)?.committed.size ?? 0) > 0) topics.push(topic);
    return topics;
  }

  /** Groups that have offsets of a topic. */
  groupsOf(topic: string): string[] {
    const groups: string[] = [];
    for (const [group, pair] of this.#topics.get(topic) ?? []) if (pair.committed.size > 0) groups.push(group);
    return groups;
  }

  /** Copies a group's offsets of a topic to another group. */
  clone(sourceGroup: string, targetGroup: string, topic: string): void {
    for (const [queueId, offset] of this.queryAll(sourceGroup, topic)) this.commit(targetGroup, topic, queueId, offset);
  }

  /** Drops all offsets of a group. */
  removeGroup(group: string): void {
    for (const [topic, groups] of this.#topics) if (groups.has(group)) this.#drop(topic, group);
  }

  /** Drops all offsets of a topic. */
  removeTopic(topic: string): void {
    for (const group of [...(this.#topics.get(topic)?.keys() ?? [])]) this.#drop(topic, group);
  }

  /** The table as it is sent to replicas. */
  wrapper(): ConsumerOffsetWrapper {
    const offsetTable: Record<string, Record<number, number>> = {};
    for (const [topic, groups] of this.#topics) {
      for (const [group, { committed }] of groups) {
        if (committed.size > 0) offsetTable[`${topic}@${group}`] = Object.fromEntries(committed);
      }
    }
    return { offsetTable, dataVersion: this.#version.current };
  }

  /** Writes `consumerOffset.json`. @throws the disk's error */
  async flush(): Promise<void> {
    let journal = this.#journalOfLastSnapshot;
    try {
      await this.file.save(() => {
        const text = JSON.stringify(this.wrapper(), null, '\t');
        journal = this.journal.follow(Buffer.from(text, 'utf8'));
        this.#dirty = false;
        return text;
      });
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
    // The previous snapshot is the backup now; the journals that follow it stay, should the new one turn out damaged.
    this.journal.removeBefore(this.#journalOfLastSnapshot);
    this.#journalOfLastSnapshot = journal;
  }

  /** Writes what is unwritten and ends. */
  async close(): Promise<void> {
    this.#flushTimer?.cancel();
    await this.file.settled();
    try {
      while (this.#dirty) await this.flush();
      this.journal.close(true);
    } catch (error) {
      this.journal.close(false);
      this.logger.error('consumerOffset.json could not be written at the stop; the journal beside it holds the offsets', { error });
    }
  }

  #pair(topic: string, group: string): PairOffsets {
    let groups = this.#topics.get(topic);
    if (groups === undefined) this.#topics.set(topic, (groups = new Map()));
    let pair = groups.get(group);
    if (pair === undefined) groups.set(group, (pair = { committed: new Map(), pulled: new Map(), reset: new Map() }));
    return pair;
  }

  #drop(topic: string, group: string): void {
    const groups = this.#topics.get(topic);
    if (groups === undefined || !groups.delete(group)) return;
    if (groups.size === 0) this.#topics.delete(topic);
    this.journal.drop(topic, group);
    this.#dirty = true;
  }
}
