import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import { silentLogger, type Logger } from '../../lib/runtime/logger.js';
import { ProcessLock } from '../../lib/runtime/process-lock.js';
import { ImmediateTurnScheduler, type TurnScheduler } from '../../lib/runtime/turn-scheduler.js';
import { ENTRY_BYTES, entryPhysicalOffset, entrySize, entryTagsCode } from './consume-queue/queue-entry.js';
import type {
  AppendResult,
  BatchToStore,
  MessageArrival,
  MessageStore,
  MessageToStore,
  QueueEntry,
  ReadRequest,
  ReadResult,
  StoreStatus,
  TimeBoundary,
} from './message-store.js';
import { openStore, type OpenStore } from './open-store.js';
import { resolveStoreOptions, type StoreOptions, type StoreOptionsInput } from './store-options.js';
import { storePaths } from './store-paths.js';

/** What the store runs on. */
export interface StoreEnvironment {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly turns?: TurnScheduler;
  /** Keeps other processes off the directory. Default: {@link ProcessLock}; simulations pass their own. */
  readonly lock?: (path: string, clock: Clock) => { release(): void };
}

/**
 * The message store on Apache's file formats. One event loop owns it; appends of one turn of the loop reach the kernel
 * in one write, and none is answered before.
 */
export class LogMessageStore implements MessageStore {
  readonly options: StoreOptions;
  readonly #environment: Required<StoreEnvironment>;
  readonly #listeners: Array<(arrival: MessageArrival) => void> = [];
  #lock: { release(): void } | undefined;
  #open: OpenStore | undefined;
  #timers: TimerHandle[] = [];
  #closing: Promise<void> | undefined;

  /** @throws RocketMqError `CONFIG_INVALID` */
  constructor(options: StoreOptionsInput, environment: StoreEnvironment) {
    this.options = resolveStoreOptions(options);
    this.#environment = {
      logger: silentLogger,
      turns: new ImmediateTurnScheduler(),
      lock: (path, clock) => ProcessLock.acquire(path, { clock }),
      ...environment,
    };
  }

  async open(): Promise<void> {
    if (this.#open) return;
    const { fileSystem, clock, lock } = this.#environment;
    const paths = storePaths(this.options.storePathRootDir, this.options.storePathCommitLog);
    fileSystem.makeDirectory(paths.root);
    this.#lock = lock(paths.lock, clock);
    try {
      this.#open = await openStore(this.options, paths, this.#environment, this.#listeners);
    } catch (error) {
      this.#lock.release();
      this.#lock = undefined;
      throw error;
    }
    this.#timers = this.#open.startTimers();
  }

  append(message: MessageToStore): Promise<AppendResult> {
    return this.#open ? this.#open.appender.append(message) : Promise.reject(closed());
  }

  appendBatch(batch: BatchToStore): Promise<AppendResult> {
    return this.#open ? this.#open.appender.appendBatch(batch) : Promise.reject(closed());
  }

  read(request: ReadRequest): ReadResult | Promise<ReadResult> {
    return this.#opened().reader.read(request);
  }

  readEntries(topic: string, queueId: number, offset: number, maxEntries: number): readonly QueueEntry[] {
    const { queues, entries } = this.#opened();
    const queue = queues.get(topic, queueId);
    const found: QueueEntry[] = [];
    if (!queue || offset < this.minOffset(topic, queueId)) return found;
    while (found.length < maxEntries) {
      const run = entries.read(queue, offset + found.length);
      if (!run) break;
      const count = Math.min(run.count, maxEntries - found.length);
      for (let index = 0; index < count; index++) {
        const position = run.position + index * ENTRY_BYTES;
        found.push({
          queueOffset: offset + found.length,
          physicalOffset: entryPhysicalOffset(run.buffer, position),
          size: entrySize(run.buffer, position),
          tagsCode: entryTagsCode(run.buffer, position),
        });
      }
    }
    return found;
  }

  readAt(physicalOffset: number): Buffer | undefined | Promise<Buffer | undefined> {
    return this.#opened().log.recordAt(physicalOffset);
  }

  queryByKey(topic: string, key: string, maxMessages: number, beginMs: number, endMs: number): Promise<readonly Buffer[]> {
    return this.#opened().index.query(topic, key, maxMessages, beginMs, endMs);
  }

  minOffset(topic: string, queueId: number): number {
    const { queues, entries, log } = this.#opened();
    const queue = queues.get(topic, queueId);
    return queue ? entries.minOffset(queue, log.start) : 0;
  }

  maxOffset(topic: string, queueId: number): number {
    return this.#opened().queues.get(topic, queueId)?.maxOffset ?? 0;
  }

  offsetAt(topic: string, queueId: number, timestampMs: number, boundary: TimeBoundary = 'LOWER'): number {
    const { queues, timeSearch } = this.#opened();
    const queue = queues.get(topic, queueId);
    return queue ? timeSearch.offsetAt(queue, timestampMs, boundary) : 0;
  }

  earliestStoreTime(topic: string, queueId: number): number {
    const { queues, timeSearch } = this.#opened();
    const queue = queues.get(topic, queueId);
    return queue ? timeSearch.storeTimeAt(queue, this.minOffset(topic, queueId)) : -1;
  }

  storeTimeAt(topic: string, queueId: number, queueOffset: number): number {
    const { queues, timeSearch } = this.#opened();
    const queue = queues.get(topic, queueId);
    return queue ? timeSearch.storeTimeAt(queue, queueOffset) : -1;
  }

  deleteTopic(topic: string): void {
    this.#opened().deleteTopic(topic);
  }

  onMessageArrived(listener: (arrival: MessageArrival) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const index = this.#listeners.indexOf(listener);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  status(): StoreStatus {
    return this.#open?.status() ?? CLOSED_STATUS;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    for (const timer of this.#timers) timer.cancel();
    try {
      await open.close();
    } finally {
      this.#open = undefined;
      this.#lock?.release();
      this.#lock = undefined;
    }
  }

  #opened(): OpenStore {
    if (!this.#open) throw closed();
    return this.#open;
  }
}

const closed = (): RocketMqError => new RocketMqError('STORE_CLOSED', 'the store is not open; call open() first, and nothing after close()');

const CLOSED_STATUS: StoreStatus = {
  writable: false,
  problem: 'the store is not open',
  commitLogMinOffset: 0,
  commitLogMaxOffset: 0,
  unflushedBytes: 0,
  dispatchBehindBytes: 0,
  diskUsedRatio: 0,
};
