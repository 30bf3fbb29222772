import type { ConsumeQueue } from './consume-queue.js';
import type { EntryReader } from './entry-reader.js';
import { ENTRY_BYTES, entryPhysicalOffset, isFiller } from './queue-entry.js';
import type { QueueFiles } from './queue-files.js';
import type { QueueTable } from './queue-table.js';

/** Queues looked at between two pauses. */
const QUEUES_PER_SLICE = 50;

/** Removes consume-queue files of which no record is left. Apache: MappedFileQueue.java, deleteExpiredFileByOffset */
export class QueueTrimmer {
  constructor(
    private readonly queues: QueueTable,
    private readonly files: QueueFiles,
    private readonly entries: EntryReader,
    private readonly pause: () => Promise<void>,
  ) {}

  /** Goes over all queues, in slices. */
  async trimBelow(physicalOffset: number): Promise<void> {
    let count = 0;
    for (const { topic, queueId } of Array.from(this.queues)) {
      const queue = this.queues.get(topic, queueId);
      if (queue) this.#trim(queue, physicalOffset);
      count += 1;
      if (count % QUEUES_PER_SLICE === 0) await this.pause();
    }
  }

  /** A file goes when its last entry is of a removed record; the last file stays, it holds the queue's offset. */
  #trim(queue: ConsumeQueue, physicalOffset: number): void {
    while (queue.span.end - queue.span.start > this.files.fileSize) {
      const last = (queue.span.start + this.files.fileSize) / ENTRY_BYTES - 1;
      const run = last < queue.writtenOffset ? this.entries.read(queue, last) : undefined;
      if (!run) return;
      if (!isFiller(run.buffer, run.position) && entryPhysicalOffset(run.buffer, run.position) >= physicalOffset) return;
      this.files.removeFirst(queue.topic, queue.queueId, queue.span);
      queue.firstOffset = queue.span.start / ENTRY_BYTES;
    }
  }
}
