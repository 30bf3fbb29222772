import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { ConsumeQueue } from './consume-queue.js';
import { ENTRY_BYTES, entryPhysicalOffset, entrySize, isEntry, isFiller } from './queue-entry.js';
import type { QueueFiles } from './queue-files.js';

/** Entries read at once while searching: a short queue, or the end of a search, takes one read. */
const BLOCK_ENTRIES = 200;

/** Finds out from its files where a consume queue ends, by binary search: nothing is scanned. */
export class QueueLoader {
  readonly #block = Buffer.alloc(BLOCK_ENTRIES * ENTRY_BYTES);

  constructor(
    private readonly files: QueueFiles,
    private readonly afterCrash: boolean,
  ) {}

  /** Calls `found` for every queue that has a directory. */
  discover(found: (topic: string, queueId: number) => void): void {
    for (const topic of this.files.topics()) {
      for (const queueId of this.files.queueIds(topic)) found(topic, queueId);
    }
  }

  /** Brings a queue to where its files are. @throws RocketMqError `CONFIG_INVALID` when they have another length than configured */
  load(queue: ConsumeQueue): void {
    const span = this.files.span(queue.topic, queue.queueId, this.afterCrash);
    if (span.wrongLength) {
      throw new RocketMqError('CONFIG_INVALID', `${span.wrongLength} has another length than mappedFileSizeConsumeQueue (${this.files.fileSize}); set it to the size the store was made with`, {
        details: { path: span.wrongLength, mappedFileSizeConsumeQueue: this.files.fileSize },
      });
    }
    queue.span.start = span.start;
    queue.span.end = span.end;
    queue.isLoaded = true;
    const first = span.start / ENTRY_BYTES;
    const lastFile = Math.max(first, (span.end - this.files.fileSize) / ENTRY_BYTES);
    const max = this.#search(queue, lastFile, span.end / ENTRY_BYTES, Number.POSITIVE_INFINITY);
    queue.restore(first, max, this.#physicalEnd(queue, max));
  }

  /**
   * Drops the entries of records at or behind `physicalOffset`, and whatever is behind them. Entries before are in
   * order and sound; among the others anything may be, after a crash.
   */
  cut(queue: ConsumeQueue, physicalOffset: number): void {
    const first = queue.span.start / ENTRY_BYTES;
    const end = this.#search(queue, first, queue.span.end / ENTRY_BYTES, physicalOffset);
    this.files.cut(queue.topic, queue.queueId, queue.span, end * ENTRY_BYTES);
    queue.restore(first, end, this.#physicalEnd(queue, end));
  }

  /** First index in [low, high) that holds no entry of a record before `physicalOffset`. */
  #search(queue: ConsumeQueue, low: number, high: number, physicalOffset: number): number {
    let from = low;
    let to = high;
    // Most queues are short: the first block decides.
    for (let at = from; from < to; at = from + Math.floor((to - from) / 2)) {
      const count = this.#read(queue, at, Math.min(BLOCK_ENTRIES, to - at));
      let sound = 0;
      while (sound < count && this.#isBefore(sound, physicalOffset)) sound += 1;
      // A read ends with its file; only an entry that was seen, or a missing file, limits the search.
      if (sound < count || count === 0) to = at + sound;
      if (sound > 0) from = at + sound;
    }
    return from;
  }

  #isBefore(index: number, physicalOffset: number): boolean {
    const position = index * ENTRY_BYTES;
    return isEntry(this.#block, position) && entryPhysicalOffset(this.#block, position) < physicalOffset;
  }

  #physicalEnd(queue: ConsumeQueue, max: number): number {
    if (max * ENTRY_BYTES <= queue.span.start || this.#read(queue, max - 1, 1) === 0 || !isEntry(this.#block, 0) || isFiller(this.#block, 0)) return 0;
    return entryPhysicalOffset(this.#block, 0) + entrySize(this.#block, 0);
  }

  /** Reads entries into the block; returns how many there were, up to the end of a file. */
  #read(queue: ConsumeQueue, index: number, count: number): number {
    return Math.floor(this.files.read(queue.topic, queue.queueId, index * ENTRY_BYTES, this.#block, count * ENTRY_BYTES) / ENTRY_BYTES);
  }
}
