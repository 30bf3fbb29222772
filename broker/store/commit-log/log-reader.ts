import type { Logger } from '../../../lib/runtime/logger.js';
import { MIN_RECORD_BYTES, recordSizeAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { Located, ReadAheadCache } from './read-ahead-cache.js';
import { examine } from './record-examiner.js';
import type { SegmentList } from './segment-list.js';
import type { TailWindow } from './tail-window.js';

/** Reads the commit log: the newest part from the tail window, the rest through the read-ahead cache. */
export class LogReader {
  constructor(
    private readonly segments: SegmentList,
    private readonly tail: TailWindow,
    private readonly cache: ReadAheadCache,
    /** How far the log may be read. */
    private readonly readable: () => number,
    private readonly logger: Logger,
  ) {}

  /** First offset of the log. */
  get start(): number {
    return this.segments.first?.start ?? 0;
  }

  /** Behind the last readable byte. */
  get end(): number {
    return this.readable();
  }

  /** Start of the file behind the one that holds `offset`. */
  nextFileStart(offset: number): number {
    return offset - (offset % this.segments.segmentSize) + this.segments.segmentSize;
  }

  /** Whether [offset, offset + size) can be read at all. */
  holds(offset: number, size: number): boolean {
    return offset >= this.start && offset + size <= this.readable();
  }

  /** The bytes when they are in memory, to be looked at now; slices of them must not outlive the turn. */
  find(offset: number, size: number): Located | undefined {
    const block = this.tail.find(offset);
    if (!block) return this.cache.find(offset, size);
    const position = offset - block.start;
    if (position + size > block.length || offset + size > this.readable()) return undefined;
    return { buffer: block.buffer, position, fromDisk: false };
  }

  /** As {@link find}, for slices that may be kept: the memory will not be used again. */
  lend(offset: number, size: number): Located | undefined {
    const found = this.find(offset, size);
    if (found) this.tail.lend(offset);
    return found;
  }

  /** The bytes, read off the event loop when they are not in memory; `undefined` when they are not in the log. @throws the system's error */
  async load(offset: number, size: number): Promise<Located | undefined> {
    return this.lend(offset, size) ?? (this.holds(offset, size) ? this.cache.load(offset, size) : undefined);
  }

  /** A few bytes, read at once wherever they are; `undefined` when they are not in the log. */
  readNow(offset: number, size: number): Located | undefined {
    const present = this.find(offset, size);
    if (present || !this.holds(offset, size)) return present;
    const buffer = Buffer.allocUnsafe(size);
    const read = this.segments.at(offset)?.read(buffer, 0, size, offset);
    return read === size ? { buffer, position: 0, fromDisk: true } : undefined;
  }

  /** A record that a queue lists turned out to be damaged, or to be another one: readers get the next instead. */
  reportDamage(topic: string, queueId: number, queueOffset: number, physicalOffset: number): void {
    this.logger.error('a stored message is damaged and cannot be delivered', { topic, queueId, queueOffset, physicalOffset });
  }

  /** The record at an offset; `undefined` when there is no sound one. */
  recordAt(offset: number): Buffer | undefined | Promise<Buffer | undefined> {
    if (!Number.isSafeInteger(offset) || !this.holds(offset, MIN_RECORD_BYTES)) return undefined;
    const head = this.find(offset, MIN_RECORD_BYTES);
    if (!head) return this.#loadRecordAt(offset);
    const size = recordSizeAt(head.buffer, head.position);
    if (size < MIN_RECORD_BYTES || !this.holds(offset, size)) return undefined;
    const record = this.lend(offset, size);
    return record ? soundRecord(record, offset, size) : this.#loadRecordAt(offset);
  }

  async #loadRecordAt(offset: number): Promise<Buffer | undefined> {
    const head = await this.load(offset, MIN_RECORD_BYTES);
    if (!head) return undefined;
    const size = recordSizeAt(head.buffer, head.position);
    if (size < MIN_RECORD_BYTES || size > this.segments.segmentSize) return undefined;
    const record = await this.load(offset, size);
    return record && soundRecord(record, offset, size);
  }
}

function soundRecord(place: Located, offset: number, size: number): Buffer | undefined {
  const end = place.position + size;
  return examine(place.buffer, place.position, end, offset, true) === 'RECORD' ? place.buffer.subarray(place.position, end) : undefined;
}
