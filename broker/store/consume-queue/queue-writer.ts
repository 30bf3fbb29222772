import type { Logger } from '../../../lib/runtime/logger.js';
import type { ConsumeQueue } from './consume-queue.js';
import type { QueueFiles } from './queue-files.js';
import { ENTRY_BYTES } from './queue-entry.js';

/** Queues written between two looks at the rest of the world. */
const QUEUES_PER_SLICE = 64;

/** Syncs of different files under way together. */
const SYNCS_AT_ONCE = 4;

/** What the writer tells. */
export interface QueueWriteListener {
  /** Entries could not be written; they stay in memory and are tried again. */
  onWriteFailed(queue: ConsumeQueue, error: unknown): void;
  /** Entries could be written. */
  onWritten(): void;
}

/** Writes the entries of consume queues behind: appends only touch memory, the files follow in batches. */
export class QueueWriter {
  readonly #dirty = new Set<ConsumeQueue>();

  constructor(
    private readonly files: QueueFiles,
    private readonly listener: QueueWriteListener,
    private readonly logger: Logger,
    /** Lets other work go between two slices of a long run. */
    private readonly pause: () => Promise<void>,
  ) {}

  /** Queues with entries that are not written or not synced. */
  get dirtyQueues(): number {
    return this.#dirty.size;
  }

  /** Adds an entry to a queue. */
  append(queue: ConsumeQueue, physicalOffset: number, size: number, tagsCode: number): void {
    if (queue.removed) return;
    const full = queue.append(physicalOffset, size, tagsCode);
    if (!queue.dirty) {
      queue.dirty = true;
      this.#dirty.add(queue);
    }
    if (full) this.write(queue);
  }

  /** Writes what the queue has in memory only. Returns whether that worked. */
  write(queue: ConsumeQueue): boolean {
    if (queue.removed || queue.unwrittenEntries === 0) return true;
    try {
      this.files.write(queue.topic, queue.queueId, queue.span, queue.writtenOffset * ENTRY_BYTES, queue.unwritten());
    } catch (error) {
      this.listener.onWriteFailed(queue, error);
      return false;
    }
    queue.writtenOffset = queue.maxOffset;
    this.listener.onWritten();
    return true;
  }

  /** Writes all queues, in slices. Returns whether all of it worked. */
  async writeAll(): Promise<boolean> {
    let count = 0;
    for (const queue of Array.from(this.#dirty)) {
      if (!this.write(queue)) return false;
      count += 1;
      if (count % QUEUES_PER_SLICE === 0) await this.pause();
    }
    return true;
  }

  /**
   * Writes and syncs the queues with at least `leastEntries` entries that are not synced, off the event loop. A queue
   * that got nothing new meanwhile gives its memory back. @throws the system's error of a sync
   */
  async flush(leastEntries: number): Promise<void> {
    const due = [...this.#dirty].filter((queue) => queue.unsyncedEntries >= leastEntries);
    // Side by side, as file systems commit several syncs at once.
    const worker = async (): Promise<void> => {
      for (let queue = due.pop(); queue; queue = due.pop()) if (this.write(queue)) await this.#sync(queue);
    };
    await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, worker));
    await this.files.syncDirectories();
  }

  /** Below this physical offset every record's entry survives the loss of the machine; at most `limit`. */
  safeOffset(limit: number): number {
    let safe = limit;
    for (const queue of this.#dirty) if (queue.unsyncedEntries > 0 && queue.unsyncedFrom < safe) safe = queue.unsyncedFrom;
    return safe;
  }

  /** Gives back the memory of what is written. */
  releaseTails(): void {
    for (const queue of this.#dirty) queue.releaseTail();
  }

  /** Stops caring for a queue. */
  forget(queue: ConsumeQueue): void {
    queue.dirty = false;
    this.#dirty.delete(queue);
  }

  async #sync(queue: ConsumeQueue): Promise<void> {
    const target = queue.writtenOffset;
    try {
      for (let position = queue.syncedOffset * ENTRY_BYTES; position < target * ENTRY_BYTES; position = this.#fileEnd(position)) {
        if (!queue.removed) await this.files.sync(queue.topic, queue.queueId, position);
      }
    } catch (error) {
      if (queue.removed) return;
      this.logger.error('a consume queue could not be synced', { topic: queue.topic, queueId: queue.queueId, error });
      throw error;
    }
    queue.synced(target);
    if (queue.unsyncedEntries > 0) return;
    this.forget(queue);
    queue.releaseTail();
  }

  #fileEnd(position: number): number {
    return position - (position % this.files.fileSize) + this.files.fileSize;
  }
}
