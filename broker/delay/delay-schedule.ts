import { decodeDelayOffsetWrapper, type DelayOffsetWrapper } from '../../lib/protocol/body/consumer-offset-wrapper.js';
import { SYSTEM_TOPIC } from '../../lib/protocol/topic-names.js';
import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { ConfigFile } from '../config/config-file.js';
import type { MessageArrival, MessageStore, QueueEntry } from '../store/message-store.js';
import { TableVersion } from '../topics/data-version.js';
import { queueOfDelayLevel, type DelayLevels } from './delay-levels.js';
import { redelivery } from './redelivery.js';

/** Options of the delay levels, under their names in `broker.conf`. */
export interface DelayOptions {
  /** Period of writing `delayOffset.json`, ms. */
  readonly flushDelayOffsetInterval: number;
}

/** Where a level stands. */
export interface DelayProgress {
  readonly level: number;
  /** Offset of the next message to deliver. */
  readonly offset: number;
  /** Offset the next delayed message will get. */
  readonly maxOffset: number;
}

interface LevelState {
  readonly level: number;
  readonly queueId: number;
  readonly delayMs: number;
  offset: number;
  timer: TimerHandle | undefined;
  running: Promise<void> | undefined;
}

/** Messages delivered at once; they share one wait for the disk. */
const BATCH = 64;
/** Pause after a delivery that failed, ms. */
const RETRY_AFTER_MS = 1_000;
/** Longest sleep, ms: a clock that is set forward is noticed after this. */
const LONGEST_SLEEP_MS = 60_000;
/** Deliveries between two versions of the offsets. Apache: BrokerConfig.java, delayOffsetUpdateVersionStep. */
const DELIVERIES_PER_VERSION = 200;

/**
 * Delivers delayed messages when their time has come: reads each level's queue of the schedule topic in order and stores the messages
 * again under their real topics. Sleeps until the next message is due; a level without messages costs nothing.
 *
 * How far a level is delivered is written every few seconds, after the deliveries: a crash repeats deliveries but loses none.
 * Apache: ScheduleMessageService.java.
 */
export class DelaySchedule {
  readonly #states: readonly LevelState[];
  readonly #version: TableVersion;
  #stopListening: (() => void) | undefined;
  #flushTimer: TimerHandle | undefined;
  #deliveries = 0;
  #dirty = false;
  #closed = false;

  constructor(
    private readonly options: DelayOptions,
    levels: DelayLevels,
    private readonly store: MessageStore,
    private readonly file: ConfigFile,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#version = new TableVersion(clock);
    this.#states = levels.levels().map((level) => ({
      level,
      queueId: queueOfDelayLevel(level),
      delayMs: levels.delayMs(level),
      offset: 0,
      timer: undefined,
      running: undefined,
    }));
  }

  /** Reads the stored offsets. @throws RocketMqError `CONFIG_INVALID` */
  load(): void {
    const stored = this.file.load(decodeDelayOffsetWrapper);
    this.#version.restore(stored?.dataVersion);
    for (const state of this.#states) state.offset = stored?.offsetTable[state.level] ?? 0;
  }

  /** Begins to deliver; the store must be open. */
  start(): void {
    for (const state of this.#states) this.#correct(state);
    this.#stopListening = this.store.onMessageArrived((arrival) => this.#arrived(arrival));
    this.#flushTimer = this.clock.repeat(this.options.flushDelayOffsetInterval, () => {
      if (this.#dirty) this.#flush().catch((error: unknown) => this.logger.error('delayOffset.json could not be written', { error }));
    });
    for (const state of this.#states) this.#wake(state);
  }

  /** Where the levels stand that have ever held a message. */
  progress(): DelayProgress[] {
    return this.#states
      .map(({ level, queueId, offset }) => ({ level, offset, maxOffset: this.store.maxOffset(SYSTEM_TOPIC.SCHEDULE, queueId) }))
      .filter(({ offset, maxOffset }) => offset > 0 || maxOffset > 0);
  }

  /** The offsets by level as they are sent to replicas. */
  offsets(): DelayOffsetWrapper {
    return { dataVersion: this.#version.current, offsetTable: Object.fromEntries(this.progress().map(({ level, offset }) => [level, offset])) };
  }

  /** Ends delivering and writes the offsets. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopListening?.();
    this.#flushTimer?.cancel();
    for (const state of this.#states) state.timer?.cancel();
    // Deliveries under way count, or they would be repeated after the next start.
    await Promise.all(this.#states.map(({ running }) => running));
    await this.file.settled();
    if (!this.#dirty) return;
    await this.#flush().catch((error: unknown) =>
      this.logger.error('delayOffset.json could not be written at the stop; the last delayed messages will be delivered again', { error }),
    );
  }

  #arrived(arrival: MessageArrival): void {
    if (arrival.topic !== SYSTEM_TOPIC.SCHEDULE) return;
    const state = this.#states[arrival.queueId];
    // A level that sleeps has an earlier message to wait for: within a level, messages are due in the order they came.
    if (state !== undefined && state.timer === undefined) this.#wake(state);
  }

  #wake(state: LevelState): void {
    if (state.running !== undefined || this.#closed) return;
    state.timer = undefined;
    state.running = this.#run(state);
  }

  /** Delivers what is due and goes to sleep. Never rejects. */
  async #run(state: LevelState): Promise<void> {
    let sleepMs: number | undefined;
    try {
      sleepMs = await this.#deliverDue(state);
    } catch (error) {
      this.logger.error('delayed messages could not be delivered; trying again', { level: state.level, offset: state.offset, error });
      sleepMs = RETRY_AFTER_MS;
    }
    state.running = undefined;
    if (sleepMs !== undefined && !this.#closed) {
      state.timer = this.clock.schedule(Math.min(sleepMs, LONGEST_SLEEP_MS), () => this.#wake(state));
    }
  }

  /** Delivers what is due; returns how long to sleep, or `undefined` when the level is empty. */
  async #deliverDue(state: LevelState): Promise<number | undefined> {
    while (!this.#closed) {
      const entries = this.store.readEntries(SYSTEM_TOPIC.SCHEDULE, state.queueId, state.offset, BATCH);
      if (entries.length === 0) {
        if (this.#correct(state)) continue;
        return undefined;
      }
      const now = this.clock.now();
      const wait = (entry: QueueEntry): number => {
        // A time further away than the level's delay comes from a clock that was set back.
        return entry.tagsCode > now + state.delayMs ? 0 : entry.tagsCode - now;
      };
      const firstWaiting = entries.findIndex((entry) => wait(entry) > 0);
      const due = firstWaiting < 0 ? entries : entries.slice(0, firstWaiting);
      if (due.length > 0) await this.#deliver(state, due);
      else return wait(entries[0]);
    }
    return undefined;
  }

  async #deliver(state: LevelState, entries: readonly QueueEntry[]): Promise<void> {
    const outcomes = await Promise.allSettled(entries.map((entry) => this.#deliverOne(entry)));
    const failed = outcomes.findIndex((outcome) => outcome.status === 'rejected');
    const delivered = failed < 0 ? entries.length : failed;
    if (delivered > 0) this.#advance(state, entries[delivered - 1].queueOffset + 1, delivered);
    const failure = outcomes[failed];
    if (failure?.status === 'rejected') throw failure.reason;
  }

  async #deliverOne(entry: QueueEntry): Promise<void> {
    const pending = this.store.readAt(entry.physicalOffset);
    const record = pending instanceof Promise ? await pending : pending;
    const message = record === undefined ? undefined : redelivery(record);
    if (message === undefined || message.topic === SYSTEM_TOPIC.TRANSACTION_HALF) {
      this.logger.error('a delayed message cannot be delivered and is passed over', {
        physicalOffset: entry.physicalOffset,
        reason: record === undefined ? 'its record is gone' : 'it does not name a topic it may be delivered to',
      });
      return;
    }
    await this.store.append(message);
  }

  #advance(state: LevelState, offset: number, deliveries: number): void {
    state.offset = offset;
    this.#dirty = true;
    const before = Math.floor(this.#deliveries / DELIVERIES_PER_VERSION);
    this.#deliveries += deliveries;
    if (Math.floor(this.#deliveries / DELIVERIES_PER_VERSION) > before) this.#version.advance();
  }

  /** Brings an offset outside the queue back into it; says whether it was outside. */
  #correct(state: LevelState): boolean {
    const min = this.store.minOffset(SYSTEM_TOPIC.SCHEDULE, state.queueId);
    const max = this.store.maxOffset(SYSTEM_TOPIC.SCHEDULE, state.queueId);
    const corrected = Math.max(min, Math.min(state.offset, max));
    if (corrected === state.offset) return false;
    this.logger.error('the offset of a delay level is outside its queue and was corrected', { level: state.level, offset: state.offset, min, max });
    state.offset = corrected;
    this.#dirty = true;
    return true;
  }

  async #flush(): Promise<void> {
    try {
      await this.file.save(() => {
        this.#dirty = false;
        return JSON.stringify(this.offsets(), null, '\t');
      });
    } catch (error) {
      this.#dirty = true;
      throw error;
    }
  }
}
