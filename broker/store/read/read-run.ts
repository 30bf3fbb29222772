import { queueIdAt, queueOffsetAt, recordSizeAt, topicAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { Located } from '../commit-log/read-ahead-cache.js';
import type { LogReader } from '../commit-log/log-reader.js';
import { examine } from '../commit-log/record-examiner.js';
import type { ConsumeQueue, EntryRun } from '../consume-queue/consume-queue.js';
import type { EntryReader } from '../consume-queue/entry-reader.js';
import { ENTRY_BYTES, entryPhysicalOffset, entrySize, entryTagsCode, isExtensionAddress } from '../consume-queue/queue-entry.js';
import type { ReadRequest, ReadResult, ReadStatus } from '../message-store.js';
import { RecordCollector } from './record-collector.js';

/** Limits of one read; see `StoreOptions` for their meaning. */
export interface ReadLimits {
  readonly bytesInMemory: number;
  readonly countInMemory: number;
  readonly bytesOnDisk: number;
  readonly countOnDisk: number;
  /** Distance from the log's end, in bytes, that counts as being in memory. */
  readonly memoryBytes: number;
  /** Bytes of entries a filtered read may pass. */
  readonly filterBytes: number;
}

/** Most bytes of one read whatever the caller asks for. Apache: DefaultMessageStore.java, MAX_PULL_MSG_SIZE */
const READ_BYTES_MAX = 128 * 1024 * 1024;

/** What a read waits for. */
export type Missing = { readonly kind: 'entries' } | { readonly kind: 'record'; readonly offset: number; readonly size: number };

/**
 * One read of a queue, from the first entry to the result. It goes as far as memory carries it; when something has to
 * come from disk, `advance` says what, and is called again with it. Apache: DefaultMessageStore.java, getMessage
 */
export class ReadRun {
  readonly #collector = new RecordCollector();
  readonly #logEnd: number;
  readonly #maxOffset: number;
  readonly #bytesMax: number;
  readonly #entryBytesMax: number;
  #status: ReadStatus = 'NO_MATCHED_MESSAGE';
  #next: number;
  #lastPhysical = 0;
  /** Records below are gone with their file. */
  #skipBelow = -1;

  constructor(
    private readonly queue: ConsumeQueue,
    private readonly request: ReadRequest,
    private readonly minOffset: number,
    private readonly limits: ReadLimits,
    private readonly entries: EntryReader,
    private readonly log: LogReader,
  ) {
    this.#next = request.offset;
    this.#logEnd = log.end;
    this.#maxOffset = queue.maxOffset;
    this.#bytesMax = Math.min(Math.max(request.maxBytes ?? READ_BYTES_MAX, 100), READ_BYTES_MAX);
    this.#entryBytesMax = Math.max(limits.filterBytes, request.maxMessages * ENTRY_BYTES);
  }

  /** The next entry to be looked at. */
  get nextOffset(): number {
    return this.#next;
  }

  /** Goes on until the read is complete (`undefined`) or something must be loaded. */
  advance(): Missing | undefined {
    while (this.#next < this.#maxOffset) {
      const run = this.entries.inMemory(this.queue, this.#next);
      if (!run) return { kind: 'entries' };
      const missing = this.#walk(run);
      if (missing !== 'more') return missing;
    }
    return undefined;
  }

  /** There are no entries where some should be: the reader is sent behind the gap. */
  entriesLost(nextOffset: number): void {
    this.#status = 'OFFSET_FOUND_NULL';
    this.#next = Math.min(nextOffset, this.#maxOffset);
  }

  /** Hands over the record that `advance` asked for; `undefined` when the log does not hold it. */
  supply(record: Located | undefined, size: number): void {
    if (record) this.#take(record, size, this.#lastPhysical);
    else this.#recordGone();
    this.#next += 1;
  }

  result(): ReadResult {
    return {
      status: this.#status,
      nextBeginOffset: this.#next,
      minOffset: this.minOffset,
      maxOffset: this.#maxOffset,
      records: this.#collector.buffers(),
      messageCount: this.#collector.count,
      totalBytes: this.#collector.bytes,
      behindMemory: this.#logEnd - this.#lastPhysical > this.limits.memoryBytes,
    };
  }

  /** `more`: the run of entries is used up. */
  #walk(run: EntryRun): Missing | undefined | 'more' {
    const count = Math.min(run.count, this.#maxOffset - this.#next);
    const { filter } = this.request;
    for (let index = 0; index < count; index++) {
      const position = run.position + index * ENTRY_BYTES;
      const physicalOffset = entryPhysicalOffset(run.buffer, position);
      const size = entrySize(run.buffer, position);
      if (this.#isFull(physicalOffset, size)) return undefined;
      this.#lastPhysical = physicalOffset;
      if (physicalOffset >= this.#skipBelow && (!filter || passesTags(filter, entryTagsCode(run.buffer, position)))) {
        const record = this.log.lend(physicalOffset, size);
        if (record) this.#take(record, size, physicalOffset);
        else if (this.log.holds(physicalOffset, size)) return { kind: 'record', offset: physicalOffset, size };
        else this.#recordGone();
      }
      this.#next += 1;
    }
    return 'more';
  }

  #isFull(physicalOffset: number, size: number): boolean {
    if ((this.#next - this.request.offset) * ENTRY_BYTES >= this.#entryBytesMax) return true;
    const { bytes, count } = this.#collector;
    if (count === 0) return false;
    if (count + 1 > this.request.maxMessages || bytes + size > this.#bytesMax) return true;
    const inMemory = this.#logEnd - physicalOffset <= this.limits.memoryBytes;
    const bytesMax = inMemory ? this.limits.bytesInMemory : this.limits.bytesOnDisk;
    const countMax = inMemory ? this.limits.countInMemory : this.limits.countOnDisk;
    return bytes + size > bytesMax || count > countMax - 1;
  }

  #take(record: Located, size: number, physicalOffset: number): void {
    if (record.fromDisk && !this.#isListedOne(record, size, physicalOffset)) {
      this.log.reportDamage(this.request.topic, this.request.queueId, this.#next, physicalOffset);
      return;
    }
    const { filter } = this.request;
    if (filter?.matchesRecord && !filter.matchesRecord(record.buffer.subarray(record.position, record.position + size))) return;
    this.#collector.add(record.buffer, record.position, size);
    this.#status = 'FOUND';
  }

  /** Whether this is the sound record that the entry promised; a damaged one must never be delivered as a message. */
  #isListedOne({ buffer, position }: Located, size: number, physicalOffset: number): boolean {
    return (
      examine(buffer, position, position + size, physicalOffset, true) === 'RECORD' &&
      recordSizeAt(buffer, position) === size &&
      queueIdAt(buffer, position) === this.request.queueId &&
      queueOffsetAt(buffer, position) === this.#next &&
      topicAt(buffer, position) === this.request.topic
    );
  }

  #recordGone(): void {
    if (this.#collector.count === 0) this.#status = 'MESSAGE_WAS_REMOVING';
    this.#skipBelow = this.log.nextFileStart(this.#lastPhysical);
  }
}

function passesTags(filter: NonNullable<ReadRequest['filter']>, tagsCode: number): boolean {
  return isExtensionAddress(tagsCode) || filter.matchesTagsCode(tagsCode);
}
