import { BLANK_BYTES, writeBlank } from './record-examiner.js';
import type { SegmentFile } from './segment-file.js';
import type { SegmentList } from './segment-list.js';
import type { TailBlock, TailWindow } from './tail-window.js';

/**
 * The end of the commit log. Records are encoded into the tail window by `begin` … `finish`; `write` takes everything
 * since the last write to the files in one call per segment. Between the two, the log's end is ahead of what is written,
 * and `rollBack` returns to it.
 */
export class LogWriter {
  #end: number;
  #written: number;
  /** Up to here the file system has blocks for the log. */
  #allocated: number;

  constructor(
    private readonly segments: SegmentList,
    private readonly tail: TailWindow,
    /** Where the log ends at start. */
    end: number,
    /** Bytes filled with zeros ahead of the log's end: a sync over blocks that are there already is cheaper, as only data is written. 0 for none. */
    private readonly allocateAhead: number,
  ) {
    this.#end = end;
    this.#written = end;
    this.#allocated = end;
  }

  /** Where the next record will go. */
  get end(): number {
    return this.#end;
  }

  /** Everything below is in the files. */
  get written(): number {
    return this.#written;
  }

  /**
   * A block with room for `bytesMax` bytes at the log's end, whose free part the caller fills from `block.length` on;
   * nothing happens until {@link finish}. @throws the system's error when a new segment cannot be made
   */
  begin(bytesMax: number): TailBlock {
    const segment = this.segments.at(this.#end) ?? this.segments.create(this.#end);
    return this.tail.reserve(this.#end, bytesMax + BLANK_BYTES, segment.start);
  }

  /**
   * Takes over `size` bytes written behind `block.length`. Returns `false` when they do not fit into the segment with
   * room for a blank behind them: then the segment is closed by a blank, the end moves on to the next one, and the
   * caller begins again.
   */
  finish(block: TailBlock, size: number): boolean {
    const segment = this.segments.at(this.#end) as SegmentFile;
    if (this.#end + size + BLANK_BYTES > segment.end) {
      writeBlank(block.buffer, block.length, segment.end - this.#end);
      block.length += BLANK_BYTES;
      this.#end = segment.end;
      return false;
    }
    block.length += size;
    this.#end += size;
    return true;
  }

  /** Writes all that is new, one call per segment. On an error `written` tells how far it came; see {@link rollBack}. */
  write(): void {
    if (this.#written === this.#end) return;
    const groups = this.#unwrittenBySegment();
    for (let index = 0; index < groups.length; index++) {
      groups[index].segment.write(groups[index].chunks, groups[index].offset);
      this.#written = index + 1 < groups.length ? groups[index + 1].offset : this.#end;
    }
    this.tail.shrink(this.#written);
    if (this.allocateAhead > 0 && this.#written + this.allocateAhead / 4 > this.#allocated) this.#allocate();
  }

  /** Forgets what is not written. */
  rollBack(): void {
    this.tail.cutTo(this.#written);
    this.#end = this.#written;
  }

  /**
   * Removes what a failed write may have left behind the end, and tries whether the disk takes writes again.
   * @throws the system's error when it does not
   */
  async probe(): Promise<void> {
    const segment = this.segments.at(this.#end) ?? this.segments.create(this.#end);
    segment.clearFrom(this.#end);
    this.#allocated = this.#end;
    const zeros = Buffer.alloc(Math.min(PROBE_BYTES, segment.end - this.#end));
    await segment.writeAsync([zeros], this.#end);
    await segment.sync();
  }

  /**
   * Writes everything from `from` on again: after a failed sync the system may take pages for clean that never reached
   * the disk, so syncing once more would prove nothing. @throws the system's error
   */
  async rewrite(from: number): Promise<void> {
    for (const segment of this.segments.between(from, this.#written)) {
      const end = Math.min(segment.end, this.#written);
      for (let offset = Math.max(from, segment.start); offset < end; offset += PROBE_BYTES) {
        const bytes = Buffer.allocUnsafe(Math.min(PROBE_BYTES, end - offset));
        const read = await segment.readAsync(bytes, 0, bytes.length, offset);
        await segment.writeAsync([bytes.subarray(0, read)], offset);
      }
    }
  }

  /** At once, not off the event loop: zeros must never arrive behind a record. */
  #allocate(): void {
    const from = Math.max(this.#allocated, this.#written);
    const segment = this.segments.at(from);
    if (!segment) return;
    const zeros = Buffer.alloc(Math.min(this.allocateAhead, segment.end - from));
    try {
      segment.write([zeros], from);
      this.#allocated = from + zeros.length;
    } catch {
      // The disk is full or failing; the next record's write finds that out and reports it.
      this.#allocated = from;
    }
  }

  #unwrittenBySegment(): SegmentWrite[] {
    const groups: SegmentWrite[] = [];
    this.tail.forEachFrom(this.#written, (chunk, offset) => {
      const segment = this.segments.at(offset) as SegmentFile;
      const last = groups[groups.length - 1];
      if (last?.segment === segment) last.chunks.push(chunk);
      else groups.push({ segment, offset, chunks: [chunk] });
    });
    return groups;
  }
}

interface SegmentWrite {
  readonly segment: SegmentFile;
  readonly offset: number;
  readonly chunks: Buffer[];
}

/** As much as a busy turn writes: a disk with less room than this is not called working. */
const PROBE_BYTES = 256 * 1024;
