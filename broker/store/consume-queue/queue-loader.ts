import type { ConsumeQueue } from './consume-queue.js';
import { ENTRY_BYTES, entryPhysicalOffset, entrySize, isEntry, isFiller } from './queue-entry.js';
import type { QueueFiles } from './queue-files.js';
import type { QueueTable } from './queue-table.js';

/** Finds out at start where the consume queues in the files end, by binary search: nothing is scanned. */
export class QueueLoader {
  readonly #entry = Buffer.alloc(ENTRY_BYTES);

  constructor(
    private readonly files: QueueFiles,
    private readonly queues: QueueTable,
  ) {}

  /** Registers every queue that has files. Returns those whose last file has another length than configured. */
  load(afterCrash: boolean): string[] {
    const wrong: string[] = [];
    for (const topic of this.files.topics()) {
      for (const queueId of this.files.queueIds(topic)) {
        const span = this.files.span(topic, queueId, afterCrash);
        if (span.wrongLength) wrong.push(span.wrongLength);
        else if (span.end > span.start) this.#restore(this.queues.getOrCreate(topic, queueId), span.start, span.end);
      }
    }
    return wrong;
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

  #restore(queue: ConsumeQueue, start: number, end: number): void {
    queue.span.start = start;
    queue.span.end = end;
    const first = start / ENTRY_BYTES;
    const lastFile = Math.max(first, (end - this.files.fileSize) / ENTRY_BYTES);
    const max = this.#search(queue, lastFile, end / ENTRY_BYTES, Number.POSITIVE_INFINITY);
    queue.restore(first, max, this.#physicalEnd(queue, max));
  }

  /** First index in [low, high) that holds no entry of a record before `physicalOffset`. */
  #search(queue: ConsumeQueue, low: number, high: number, physicalOffset: number): number {
    let from = low;
    let to = high;
    while (from < to) {
      const middle = from + Math.floor((to - from) / 2);
      if (this.#read(queue, middle) && entryPhysicalOffset(this.#entry, 0) < physicalOffset) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #physicalEnd(queue: ConsumeQueue, max: number): number {
    if (max * ENTRY_BYTES <= queue.span.start || !this.#read(queue, max - 1) || isFiller(this.#entry, 0)) return 0;
    return entryPhysicalOffset(this.#entry, 0) + entrySize(this.#entry, 0);
  }

  #read(queue: ConsumeQueue, index: number): boolean {
    const read = this.files.read(queue.topic, queue.queueId, index * ENTRY_BYTES, this.#entry, ENTRY_BYTES);
    return read === ENTRY_BYTES && isEntry(this.#entry, 0);
  }
}
