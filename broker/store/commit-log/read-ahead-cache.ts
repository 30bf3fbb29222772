import type { SegmentFile } from './segment-file.js';
import type { SegmentList } from './segment-list.js';

/** Unit by which stretches are found. */
const CHUNK_BYTES = 128 * 1024;
/** Chunks read at once by a reader that goes on where another chunk ended. */
const SEQUENTIAL_CHUNKS = 8;

/** A piece of the commit log in memory. */
interface Stretch {
  readonly start: number;
  readonly buffer: Buffer;
  /** Bytes of it that are known. */
  readonly length: number;
  readonly keys: readonly number[];
}

/** Bytes of the log in some buffer. */
export interface Located {
  readonly buffer: Buffer;
  readonly position: number;
  /** Whether the bytes came from the disk, so that they may have been damaged there. */
  readonly fromDisk: boolean;
}

/**
 * Older parts of the commit log, read in large pieces off the event loop and shared by all readers. Its memory is its
 * own, so a consumer that reads back gigabytes pushes out other old pieces, never the tail. Pieces are never written to
 * again: readers may keep slices as long as they like.
 */
export class ReadAheadCache {
  readonly #byChunk = new Map<number, Stretch>();
  /** In order of use, oldest first. */
  readonly #stretches = new Set<Stretch>();
  readonly #loading = new Map<number, Promise<void>>();
  #bytes = 0;

  constructor(
    private readonly segments: SegmentList,
    private readonly bytesMax: number,
    /** How far the log may be read. */
    private readonly readable: () => number,
  ) {}

  /** Memory held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The bytes [offset, offset + size) when they are all in one piece here. */
  find(offset: number, size: number): Located | undefined {
    const segment = this.segments.at(offset);
    if (!segment) return undefined;
    const stretch = this.#byChunk.get(chunkOf(segment, offset));
    if (!stretch || offset + size > stretch.start + stretch.length) return undefined;
    this.#stretches.delete(stretch);
    this.#stretches.add(stretch);
    return { buffer: stretch.buffer, position: offset - stretch.start, fromDisk: true };
  }

  /** Reads the bytes [offset, offset + size), together with what is likely wanted next. `undefined` when they are not in the log. @throws the system's error */
  async load(offset: number, size: number): Promise<Located | undefined> {
    const present = this.find(offset, size);
    if (present) return present;
    const segment = this.segments.at(offset);
    if (!segment || offset + size > Math.min(segment.end, this.readable())) return undefined;
    const first = chunkOf(segment, offset);
    const underWay = this.#loading.get(first);
    if (underWay) {
      await underWay;
      const loaded = this.find(offset, size);
      if (loaded) return loaded;
    }
    // A record that lies across two pieces, or does not fit into one, is read for itself.
    if (offset + size > first + CHUNK_BYTES && this.#byChunk.has(first)) return this.#loadAlone(segment, offset, size);
    return this.#loadStretch(segment, first, offset, size);
  }

  clear(): void {
    this.#byChunk.clear();
    this.#stretches.clear();
    this.#bytes = 0;
  }

  async #loadAlone(segment: SegmentFile, offset: number, size: number): Promise<Located | undefined> {
    const buffer = Buffer.allocUnsafeSlow(size);
    const read = await segment.readAsync(buffer, 0, size, offset);
    return read === size ? { buffer, position: 0, fromDisk: true } : undefined;
  }

  async #loadStretch(segment: SegmentFile, first: number, offset: number, size: number): Promise<Located | undefined> {
    const wanted = Math.ceil((offset + size - first) / CHUNK_BYTES);
    const chunks = this.#byChunk.has(first - CHUNK_BYTES) ? Math.max(wanted, SEQUENTIAL_CHUNKS) : wanted;
    const end = Math.min(first + chunks * CHUNK_BYTES, segment.end, this.readable());
    const buffer = Buffer.allocUnsafeSlow(end - first);
    const reading = segment.readAsync(buffer, 0, buffer.length, first);
    const settled = reading.then(
      (read) => this.#keep(segment, first, buffer, read),
      () => undefined,
    );
    const keys = keysOf(segment, first, buffer.length);
    for (const key of keys) if (!this.#loading.has(key)) this.#loading.set(key, settled);
    try {
      const read = await reading;
      return offset + size <= first + read ? { buffer, position: offset - first, fromDisk: true } : undefined;
    } finally {
      for (const key of keys) if (this.#loading.get(key) === settled) this.#loading.delete(key);
    }
  }

  #keep(segment: SegmentFile, start: number, buffer: Buffer, length: number): void {
    const stretch: Stretch = { start, buffer, length, keys: keysOf(segment, start, length) };
    for (const key of stretch.keys) {
      const replaced = this.#byChunk.get(key);
      if (replaced) this.#drop(replaced);
    }
    for (const key of stretch.keys) this.#byChunk.set(key, stretch);
    this.#stretches.add(stretch);
    this.#bytes += buffer.length;
    for (const oldest of this.#stretches) {
      if (this.#bytes <= this.bytesMax || oldest === stretch) break;
      this.#drop(oldest);
    }
  }

  #drop(stretch: Stretch): void {
    if (!this.#stretches.delete(stretch)) return;
    for (const key of stretch.keys) if (this.#byChunk.get(key) === stretch) this.#byChunk.delete(key);
    this.#bytes -= stretch.buffer.length;
  }
}

/** Start of the chunk that holds `offset`; chunks are counted from the segment's start. */
function chunkOf(segment: SegmentFile, offset: number): number {
  const inside = offset - segment.start;
  return segment.start + inside - (inside % CHUNK_BYTES);
}

function keysOf(segment: SegmentFile, start: number, length: number): number[] {
  const keys: number[] = [];
  for (let key = chunkOf(segment, start); key < start + length; key += CHUNK_BYTES) keys.push(key);
  return keys;
}
