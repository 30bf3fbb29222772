import { MIN_RECORD_BYTES, storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { LogReader } from '../commit-log/log-reader.js';
import type { TimeBoundary } from '../message-store.js';
import type { ConsumeQueue } from './consume-queue.js';
import type { EntryReader } from './entry-reader.js';
import { entryPhysicalOffset } from './queue-entry.js';

/** Finds queue offsets by store time: binary search, the times read from the records themselves. Apache: ConsumeQueue.java, binarySearchInQueueByTime */
export class TimeSearch {
  constructor(
    private readonly entries: EntryReader,
    private readonly log: LogReader,
  ) {}

  /**
   * `LOWER`: the first message stored at or after the time, max offset when there is none.
   * `UPPER`: the last one stored at or before it, min offset when there is none.
   */
  offsetAt(queue: ConsumeQueue, timestampMs: number, boundary: TimeBoundary): number {
    const min = this.entries.minOffset(queue, this.log.start);
    const max = queue.maxOffset;
    if (boundary === 'LOWER') return this.#firstWhere(queue, min, max, (time) => time >= timestampMs);
    return Math.max(min, Math.min(this.#firstWhere(queue, min, max, (time) => time > timestampMs) - 1, max - 1));
  }

  /** Store time of one message; -1 when it cannot be read. */
  storeTimeAt(queue: ConsumeQueue, queueOffset: number): number {
    if (queueOffset < this.entries.minOffset(queue, this.log.start)) return -1;
    const run = this.entries.read(queue, queueOffset);
    if (!run) return -1;
    const head = this.log.readNow(entryPhysicalOffset(run.buffer, run.position), MIN_RECORD_BYTES);
    return head ? storeTimestampAt(head.buffer, head.position) : -1;
  }

  #firstWhere(queue: ConsumeQueue, min: number, max: number, test: (time: number) => boolean): number {
    let low = min;
    let high = max;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (test(this.storeTimeAt(queue, middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
