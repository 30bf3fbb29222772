/** A contiguous stretch of the commit log in memory; never spans two segments. */
export interface TailBlock {
  /** Commit-log offset of its first byte. */
  readonly start: number;
  readonly buffer: Buffer;
  /** Bytes of it that hold log content. */
  length: number;
  /** Whether slices of it were handed out; such memory is never used again, as a slow socket may still hold them. */
  lent: boolean;
}

/** Blocks of standard size kept for reuse; more than two are never idle at once in practice. */
const SPARE_BLOCKS_MAX = 4;

/**
 * The newest part of the commit log in memory: the appender encodes into its last block, the writer takes from it what
 * is not yet on disk, and readers near the end get slices of it. Its size follows the load up to a limit; what is not
 * yet written is never dropped.
 */
export class TailWindow {
  #blocks: TailBlock[] = [];
  #spare: Buffer[] = [];
  #bytes = 0;

  constructor(
    private readonly blockSize: number,
    private readonly bytesMax: number,
  ) {}

  /** Memory held by the blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Offset of the first byte that can be read here; `undefined` while there is nothing. */
  get start(): number | undefined {
    return this.#blocks[0]?.start;
  }

  get last(): TailBlock | undefined {
    return this.#blocks[this.#blocks.length - 1];
  }

  /** A block with room for `bytes` more bytes at `offset`, the log's end, in the file that begins at `fileStart`: the last one, or a new one. */
  reserve(offset: number, bytes: number, fileStart: number): TailBlock {
    const last = this.last;
    if (last && last.start >= fileStart && last.start + last.length === offset && last.buffer.length - last.length >= bytes) return last;
    return this.#add(offset, bytes);
  }

  /** The block holding `offset`; `undefined` when it is older or newer than the window. */
  find(offset: number): TailBlock | undefined {
    const blocks = this.#blocks;
    let high = blocks.length - 1;
    if (high < 0) return undefined;
    if (offset >= blocks[high].start) return within(blocks[high], offset);
    let low = 0;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (blocks[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return within(blocks[low], offset);
  }

  /** Notes that slices of the block holding `offset` are handed out. */
  lend(offset: number): void {
    const block = this.find(offset);
    if (block) block.lent = true;
  }

  /** Visits the stretches from `offset` to the end of the window, in order. */
  forEachFrom(offset: number, visit: (chunk: Buffer, chunkOffset: number) => void): void {
    const blocks = this.#blocks;
    let index = blocks.length - 1;
    while (index > 0 && blocks[index].start > offset) index -= 1;
    for (; index < blocks.length && index >= 0; index++) {
      const block = blocks[index];
      const from = Math.max(0, offset - block.start);
      if (from < block.length) visit(block.buffer.subarray(from, block.length), block.start + from);
    }
  }

  /** Forgets everything from `offset` on: what could not be written. */
  cutTo(offset: number): void {
    while (this.last && this.last.start >= offset) this.#drop(this.#blocks.pop() as TailBlock);
    const last = this.last;
    if (last && last.start + last.length > offset) last.length = offset - last.start;
  }

  /** Frees the oldest blocks until the window is within `bytesMax`, but none that reaches behind `keepFrom`. */
  shrink(keepFrom: number, bytesMax: number = this.bytesMax): void {
    while (this.#blocks.length > 1 && this.#bytes > bytesMax) {
      const oldest = this.#blocks[0];
      if (oldest.start + oldest.length > keepFrom) return;
      this.#blocks.shift();
      this.#drop(oldest);
    }
  }

  /** Gives back what is kept for reuse. */
  releaseSpare(): void {
    this.#spare = [];
  }

  #add(offset: number, bytes: number): TailBlock {
    const size = Math.max(bytes, this.blockSize);
    const buffer = (size === this.blockSize ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(size);
    const block: TailBlock = { start: offset, buffer, length: 0, lent: false };
    this.#blocks.push(block);
    this.#bytes += buffer.length;
    return block;
  }

  #drop(block: TailBlock): void {
    this.#bytes -= block.buffer.length;
    if (!block.lent && block.buffer.length === this.blockSize && this.#spare.length < SPARE_BLOCKS_MAX) this.#spare.push(block.buffer);
  }
}

function within(block: TailBlock, offset: number): TailBlock | undefined {
  return offset >= block.start && offset - block.start < block.length ? block : undefined;
}
