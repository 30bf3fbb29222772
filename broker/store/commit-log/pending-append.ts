import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { AppendResult, AppendStatus } from '../message-store.js';

/** One record on its way to the disk and into its queue. */
export interface PendingRecord {
  readonly physicalOffset: number;
  readonly size: number;
  readonly tagsCode: number;
}

/** An append between being encoded and being answered: one record, or those of a batch. */
export class PendingAppend {
  #answered = false;

  constructor(
    /** `undefined` for records that no queue lists (half and rolled back messages). */
    readonly queue: ConsumeQueue | undefined,
    readonly records: readonly PendingRecord[],
    readonly queueOffset: number,
    readonly storeTimestamp: number,
    /** Whether the sender waits for the sync (`WAIT` is not `false`). */
    readonly waitsForFlush: boolean,
    private readonly settle: { readonly resolve: (result: AppendResult) => void; readonly reject: (error: Error) => void; readonly batch: boolean },
  ) {}

  get start(): number {
    return this.records[0].physicalOffset;
  }

  /** Behind the last record. */
  get end(): number {
    const last = this.records[this.records.length - 1];
    return last.physicalOffset + last.size;
  }

  /** Answers once; later calls do nothing. */
  resolve(status: AppendStatus): void {
    if (this.#answered) return;
    this.#answered = true;
    const physicalOffset = this.start;
    this.settle.resolve({
      status,
      physicalOffset,
      physicalOffsets: this.settle.batch ? this.records.map((record) => record.physicalOffset) : undefined,
      queueOffset: this.queueOffset,
      storeTimestamp: this.storeTimestamp,
      messageCount: this.records.length,
      storeSize: this.end - physicalOffset,
    });
  }

  reject(error: Error): void {
    if (this.#answered) return;
    this.#answered = true;
    this.settle.reject(error);
  }
}
