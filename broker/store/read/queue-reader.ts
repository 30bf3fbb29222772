import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { LogReader } from '../commit-log/log-reader.js';
import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { EntryReader } from '../consume-queue/entry-reader.js';
import type { QueueTable } from '../consume-queue/queue-table.js';
import type { ReadRequest, ReadResult, ReadStatus } from '../message-store.js';
import { ReadRun, type Missing, type ReadLimits } from './read-run.js';

/** Reads messages of a queue: at once while everything is in memory, else off the event loop. */
export class QueueReader {
  constructor(
    private readonly queues: QueueTable,
    private readonly entries: EntryReader,
    private readonly log: LogReader,
    private readonly limits: ReadLimits,
    /** Entries of one consume-queue file. */
    private readonly entriesPerFile: number,
  ) {}

  read(request: ReadRequest): ReadResult | Promise<ReadResult> {
    const queue = this.queues.get(request.topic, request.queueId);
    if (!queue) return nothing('NO_MATCHED_LOGIC_QUEUE', 0, 0, 0);
    const min = this.entries.minOffset(queue, this.log.start);
    const max = queue.maxOffset;
    if (max === 0) return nothing('NO_MESSAGE_IN_QUEUE', 0, min, max);
    if (request.offset < min) return nothing('OFFSET_TOO_SMALL', min, min, max);
    if (request.offset === max) return nothing('OFFSET_OVERFLOW_ONE', max, min, max);
    if (request.offset > max) return nothing('OFFSET_OVERFLOW_BADLY', max, min, max);
    const run = new ReadRun(queue, request, min, this.limits, this.entries, this.log);
    const missing = run.advance();
    return missing ? this.#finish(queue, run, missing) : run.result();
  }

  async #finish(queue: ConsumeQueue, run: ReadRun, first: Missing): Promise<ReadResult> {
    for (let missing: Missing | undefined = first; missing; missing = run.advance()) {
      if (missing.kind === 'record') {
        const { offset, size } = missing;
        run.supply(await this.#load(() => this.log.load(offset, size)), size);
      } else if (!(await this.#load(() => this.entries.readAsync(queue, run.nextOffset)))) {
        run.entriesLost(this.#nextFile(run.nextOffset));
        break;
      }
    }
    return run.result();
  }

  async #load<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw new RocketMqError('STORE_READ_FAILED', `the store could not be read: ${String(error)}`, { retryable: true, cause: error });
    }
  }

  #nextFile(offset: number): number {
    return offset - (offset % this.entriesPerFile) + this.entriesPerFile;
  }
}

function nothing(status: ReadStatus, nextBeginOffset: number, minOffset: number, maxOffset: number): ReadResult {
  return { status, nextBeginOffset, minOffset, maxOffset, records: [], messageCount: 0, totalBytes: 0, behindMemory: false };
}
