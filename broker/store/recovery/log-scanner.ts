import { MAGIC_V1, MAGIC_V2, physicalOffsetAt, recordSizeAt, storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import { examine, type Finding } from '../commit-log/record-examiner.js';
import type { SegmentFile } from '../commit-log/segment-file.js';
import type { SegmentList } from '../commit-log/segment-list.js';

/** Bytes read at once. */
const STRETCH_BYTES = 4 * 1024 * 1024;

/**
 * So many stretches of nothing but zeros, and the rest of the file was never written: more than can be on its way to the
 * disk at once. The rest of a 1 GiB file is a hole, and reading a hole for the first time takes seconds.
 */
const ZERO_STRETCHES_MAX = 8;

/** Where and why a scan ended. */
export interface ScanEnd {
  /** Behind the last sound record (or blank). */
  readonly offset: number;
  /** What is there instead of a record; `END_OF_FILES` when the scan ran out of files. */
  readonly finding: Exclude<Finding, 'RECORD' | 'BLANK'> | 'END_OF_FILES' | 'LIMIT';
  /** Records seen. */
  readonly records: number;
  /** Store time of the last sound record, 0 without one. */
  readonly lastStoreTimestamp: number;
}

/** Told of each sound record; a promise is waited for. */
export type RecordVisitor = (buffer: Buffer, position: number, size: number, physicalOffset: number) => void | Promise<void>;

/** Walks the commit log record by record, by large reads off the event loop. */
export class LogScanner {
  #buffer = Buffer.alloc(0);
  /** For {@link findRecordBehind}: made once, as fresh memory costs more than the reading of a hole. */
  #stretch = Buffer.alloc(0);
  #zeros = Buffer.alloc(0);

  constructor(
    private readonly segments: SegmentList,
    private readonly checkCrc: boolean,
  ) {}

  /** Visits the records from `from`, which must be where one begins, up to the first thing that is none (or `limit`). */
  async scan(from: number, visit: RecordVisitor, limit: number = Number.MAX_SAFE_INTEGER): Promise<ScanEnd> {
    const state = { offset: from, records: 0, lastStoreTimestamp: 0 };
    for (;;) {
      if (state.offset >= limit) return { ...state, finding: 'LIMIT' };
      const segment = this.segments.at(state.offset);
      if (!segment) return { ...state, finding: 'END_OF_FILES' };
      const finding = await this.#scanSegment(segment, state, visit, limit);
      if (finding === 'BLANK') state.offset = segment.end;
      else if (finding !== 'RECORD') return { ...state, finding };
    }
  }

  /**
   * The first sound record that begins behind `offset`, stored not before `notBefore`: what an earlier cut left lying
   * in the file is older than what was written since, and does not count.
   */
  async findRecordBehind(offset: number, notBefore: number): Promise<{ readonly offset: number; readonly storeTimestamp: number } | undefined> {
    for (let at = offset + 1, segment = this.segments.at(at); segment; at = segment.end, segment = this.segments.at(at)) {
      let zeroStretches = 0;
      for (let from = at; from < segment.end && zeroStretches < ZERO_STRETCHES_MAX; from += STRETCH_BYTES) {
        const found = await this.#findInStretch(segment, from, notBefore);
        if (found === 'zeros') zeroStretches += 1;
        else if (found) return found;
        else zeroStretches = 0;
      }
    }
    return undefined;
  }

  /** Frees the buffer. */
  close(): void {
    this.#buffer = Buffer.alloc(0);
    this.#stretch = Buffer.alloc(0);
    this.#zeros = Buffer.alloc(0);
  }

  async #scanSegment(
    segment: SegmentFile,
    state: { offset: number; records: number; lastStoreTimestamp: number },
    visit: RecordVisitor,
    limit: number,
  ): Promise<Finding> {
    let wanted = STRETCH_BYTES;
    for (;;) {
      const start = state.offset;
      const known = await this.#load(segment, start, wanted);
      const finding = await this.#walk(state, start, known, visit, limit);
      if (state.offset >= Math.min(limit, segment.end)) return 'RECORD';
      if (finding === 'BLANK') return recordSizeAt(this.#buffer, state.offset - start) === segment.end - state.offset ? 'BLANK' : 'BAD_SIZE';
      if (finding !== 'CUT_OFF') return finding;
      if (start + known >= segment.end) return 'CUT_OFF';
      // Nothing walked: the record is longer than what was read, if its size is to be believed.
      if (state.offset === start) {
        const claimed = known >= 4 ? recordSizeAt(this.#buffer, 0) : 0;
        if (claimed <= known || start + claimed > segment.end) return 'CUT_OFF';
        wanted = claimed;
      }
    }
  }

  async #walk(
    state: { offset: number; records: number; lastStoreTimestamp: number },
    start: number,
    known: number,
    visit: RecordVisitor,
    limit: number,
  ): Promise<Finding> {
    while (state.offset < limit) {
      const position = state.offset - start;
      const finding = examine(this.#buffer, position, known, state.offset, this.checkCrc);
      if (finding !== 'RECORD') return finding;
      const size = recordSizeAt(this.#buffer, position);
      const waiting = visit(this.#buffer, position, size, state.offset);
      if (waiting) await waiting;
      state.records += 1;
      state.lastStoreTimestamp = storeTimestampAt(this.#buffer, position);
      state.offset += size;
    }
    return 'RECORD';
  }

  async #load(segment: SegmentFile, offset: number, length: number): Promise<number> {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    return segment.readAsync(this.#buffer, 0, length, offset);
  }

  async #findInStretch(segment: SegmentFile, from: number, notBefore: number): Promise<{ offset: number; storeTimestamp: number } | 'zeros' | undefined> {
    // Some bytes more, so that a head across the border is seen.
    if (this.#stretch.length === 0) this.#stretch = Buffer.allocUnsafeSlow(STRETCH_BYTES + 128);
    const known = await segment.readAsync(this.#stretch, 0, this.#stretch.length, from);
    const stretch = this.#stretch.subarray(0, known);
    if (this.#zeros.length === 0) this.#zeros = Buffer.alloc(STRETCH_BYTES + 128);
    if (stretch.equals(this.#zeros.subarray(0, known))) return 'zeros';
    for (let at = nextMagic(stretch, 4, known); at >= 0; at = nextMagic(stretch, at + 1, known)) {
      const position = at - 4;
      if (position >= STRETCH_BYTES || position + 76 > known || physicalOffsetAt(stretch, position) !== from + position) continue;
      const storeTimestamp = storeTimestampAt(stretch, position);
      if (storeTimestamp < notBefore || !(await this.#isSound(segment, from + position, recordSizeAt(stretch, position)))) continue;
      return { offset: from + position, storeTimestamp };
    }
    return undefined;
  }

  async #isSound(segment: SegmentFile, offset: number, size: number): Promise<boolean> {
    if (size <= 0 || offset + size > segment.end) return false;
    const known = await this.#load(segment, offset, size);
    return examine(this.#buffer, 0, known, offset, true) === 'RECORD';
  }
}

const MAGIC_PREFIX = Buffer.from([0xda, 0xa3, 0x20]);

function nextMagic(buffer: Buffer, from: number, limit: number): number {
  for (let at = buffer.indexOf(MAGIC_PREFIX, from); at >= 0 && at + 4 <= limit; at = buffer.indexOf(MAGIC_PREFIX, at + 1)) {
    const magic = buffer.readInt32BE(at);
    if (magic === MAGIC_V1 || magic === MAGIC_V2) return at;
  }
  return -1;
}
