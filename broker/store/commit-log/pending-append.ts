import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { AppendResult, AppendStatus } from '../message-store.js';

/** One record of a batch on its way to the disk and into its queue. */
export interface PendingRecord {
  readonly physicalOffset: number;
  readonly size: number;
  readonly tagsCode: number;
}

/**
 * An append between being encoded and being answered: one record, or those of a batch. It is made once per message on
 * the hot path, so it is flat, and filled in by the appender.
 */
export class PendingAppend {
  /** `undefined` for records that no queue lists (half and rolled back messages). */
  queue: ConsumeQueue | undefined = undefined;
  /** Of the (first) record. */
  start = 0;
  /** Behind the last record. */
  end = 0;
  queueOffset = 0;
  storeTimestamp = 0;
  /** Of a single record. */
  tagsCode = 0;
  /** The records of a batch. */
  batch: readonly PendingRecord[] | undefined = undefined;
  /** Whether the sender waits for the sync (`WAIT` is not `false`). */
  waitsForFlush = true;
  #resolve: ((result: AppendResult) => void) | undefined = undefined;
  #reject: ((error: Error) => void) | undefined = undefined;

  /** Number of records. */
  get count(): number {
    return this.batch === undefined ? 1 : this.batch.length;
  }

  /** The promise its sender gets. */
  promise(): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Answers once; later calls do nothing. */
  resolve(status: AppendStatus): void {
    const resolve = this.#resolve;
    if (!resolve) return;
    this.#resolve = undefined;
    resolve({
      status,
      physicalOffset: this.start,
      physicalOffsets: this.batch?.map((record) => record.physicalOffset),
      queueOffset: this.queueOffset,
      storeTimestamp: this.storeTimestamp,
      messageCount: this.count,
      storeSize: this.end - this.start,
    });
  }

  reject(error: Error): void {
    if (!this.#resolve) return;
    this.#resolve = undefined;
    this.#reject?.(error);
  }
}
