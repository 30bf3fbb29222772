import type { MessageExt, MessageQueue } from '../../protocol/message/message.js';
import type { ListenerContext } from '../types.js';

/** A fetched message on its way through the listener. */
export interface QueueEntry {
  /** Replaced by a copy when a local redelivery counts it up. */
  message: MessageExt;
  /** The message needs no further delivery: consumed, sent back or given up. */
  settled: boolean;
  /** When the listener got it, ms since the epoch; 0: not yet. */
  startedAt: number;
}

/** How much may be fetched before pulling pauses. */
export interface FlowLimits {
  readonly messages: number;
  readonly bytes: number;
  /** Largest distance of queue offsets. */
  readonly span: number;
}

/** Settled entries are cut off the array when there are this many. */
const COMPACT_AT = 1_024;

/**
 * Messages fetched from one queue and not yet settled, in the order of their offsets. Listeners settle them in any order;
 * the offset to commit is that of the first unsettled one, so that a crash redelivers but never skips.
 */
export class ProcessQueue {
  readonly queue: MessageQueue;
  /** Handed to listeners; one object for all calls. */
  readonly context: ListenerContext;
  /** Listener calls at work on this queue. */
  running = 0;
  /** Until when the broker's lock may be trusted, ms since the epoch; orderly consumption only. */
  lockedUntil = 0;
  /** When the broker granted the lock last, ms since the epoch. */
  lockedAt = 0;
  /** Pulls that failed since the last one that did not. */
  failedPulls = 0;
  /** When the last pull was answered, ms since the epoch; 0: none yet. */
  lastPullAt = 0;
  lastConsumeAt = 0;
  /** The broker's max offset as of the last pull. */
  brokerMaxOffset = 0;

  readonly #limits: FlowLimits;
  readonly #dropping = new AbortController();
  readonly #entries: QueueEntry[] = [];
  /** First unsettled entry. */
  #head = 0;
  /** First entry no listener has. */
  #next = 0;
  #bytes = 0;
  #nextOffset: number;
  #onRoom: (() => void) | undefined;
  readonly #onIdle: (() => void)[] = [];

  /** @param nextOffset where pulling starts */
  constructor(queue: MessageQueue, nextOffset: number, limits: FlowLimits) {
    this.queue = queue;
    this.#nextOffset = nextOffset;
    this.#limits = limits;
    this.context = { messageQueue: queue, signal: this.#dropping.signal };
  }

  /** Aborted when the queue was taken away. */
  get dropped(): AbortSignal {
    return this.#dropping.signal;
  }

  /** Where the next pull starts. */
  get nextOffset(): number {
    return this.#nextOffset;
  }

  /** Everything below is settled. */
  get commitOffset(): number {
    return this.#head < this.#entries.length ? this.#entries[this.#head].message.queueOffset : this.#nextOffset;
  }

  /** Messages fetched and unsettled (an unsettled one keeps those behind it counted). */
  get cachedMessages(): number {
    return this.#entries.length - this.#head;
  }

  get cachedBytes(): number {
    return this.#bytes;
  }

  /** Offset of the last message held; -1 when none is. */
  get lastCachedOffset(): number {
    return this.cachedMessages === 0 ? -1 : this.#entries[this.#entries.length - 1].message.queueOffset;
  }

  /** Whether there are messages no listener has. */
  get hasAvailable(): boolean {
    return this.#next < this.#entries.length;
  }

  /** Whether another pull is within the limits. */
  get hasRoom(): boolean {
    const { messages, bytes, span } = this.#limits;
    if (this.cachedMessages >= messages || this.#bytes >= bytes) return false;
    return this.cachedMessages === 0 || this.lastCachedOffset - this.#entries[this.#head].message.queueOffset <= span;
  }

  /** Adds the result of a pull. */
  put(messages: readonly MessageExt[], nextOffset: number): void {
    for (const message of messages) {
      this.#entries.push({ message, settled: false, startedAt: 0 });
      this.#bytes += message.body.length;
    }
    this.#nextOffset = nextOffset;
  }

  /** Up to `max` messages for a listener. */
  take(max: number, now: number): QueueEntry[] {
    const end = Math.min(this.#entries.length, this.#next + max);
    const taken = this.#entries.slice(this.#next, end);
    this.#next = end;
    for (const entry of taken) entry.startedAt = now;
    this.lastConsumeAt = now;
    return taken;
  }

  /** Makes every unsettled message available again, from the first on: for orderly consumption, where nothing else is under way. */
  takeBack(): void {
    if (!this.dropped.aborted) this.#next = this.#head;
  }

  /** Marks messages as done. */
  settle(entries: readonly QueueEntry[]): void {
    for (const entry of entries) {
      if (!entry.settled) {
        entry.settled = true;
        this.#bytes -= entry.message.body.length;
      }
    }
    while (this.#head < this.#next && this.#entries[this.#head].settled) this.#head++;
    if (this.#head >= COMPACT_AT) {
      this.#entries.splice(0, this.#head);
      this.#next -= this.#head;
      this.#head = 0;
    }
    if (this.#onRoom !== undefined && this.hasRoom) this.#wakePuller();
  }

  /** The first unsettled message, if a listener has it. */
  oldestUnderWay(): QueueEntry | undefined {
    return this.#head < this.#next ? this.#entries[this.#head] : undefined;
  }

  /** Resolves when another pull is within the limits, or the queue is dropped. One caller at a time. */
  waitForRoom(): Promise<void> {
    if (this.hasRoom || this.dropped.aborted) return Promise.resolve();
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  /** A listener call begins. */
  enter(): void {
    this.running++;
  }

  /** A listener call has ended. */
  leave(): void {
    if (--this.running === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves when no listener call is at work. */
  waitUntilIdle(): Promise<void> {
    if (this.running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** The queue is no longer ours: nothing is pulled or delivered any more. */
  drop(): void {
    this.#next = this.#entries.length;
    this.#dropping.abort();
    this.#wakePuller();
  }

  #wakePuller(): void {
    this.#onRoom?.();
    this.#onRoom = undefined;
  }
}
