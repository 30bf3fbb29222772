import type { FileSystem, OpenFile } from '../../../lib/runtime/file-system.js';
import {
  decodeIndexEntry,
  decodeIndexHeader,
  encodeIndexEntry,
  encodeIndexHeader,
  INDEX_ENTRY_BYTES,
  INDEX_HEADER_BYTES,
  INDEX_SLOT_BYTES,
  type IndexEntry,
  type IndexHeader,
} from './index-header.js';

/** Sizes of the parts of an index file. */
export interface IndexSizes {
  readonly slots: number;
  readonly entries: number;
}

const SLOTS_PER_PAGE = 1024;
const PAGE_BYTES = SLOTS_PER_PAGE * INDEX_SLOT_BYTES;
/** Entries kept before they are written. */
const PENDING_ENTRIES_MAX = 4096;
/** Entries read at once when slots are made anew. */
const ENTRIES_PER_READ = 50_000;
const SECONDS_MAX = 0x7fffffff;

export function indexFileBytes(sizes: IndexSizes): number {
  return INDEX_HEADER_BYTES + sizes.slots * INDEX_SLOT_BYTES + sizes.entries * INDEX_ENTRY_BYTES;
}

/**
 * One index file. Slots are held in memory page by page as they are touched, entries until there are enough to write;
 * `sync` brings both to the file, then the header.
 */
export class IndexFile {
  readonly header: IndexHeader;
  readonly #slotPages = new Map<number, Buffer>();
  readonly #dirtyPages = new Set<number>();
  #pending = Buffer.alloc(0);
  /** Number of the first entry in `#pending`. */
  #pendingFrom: number;
  #file: OpenFile | undefined;
  #changed = false;

  private constructor(
    private readonly fileSystem: FileSystem,
    readonly path: string,
    private readonly sizes: IndexSizes,
    header: IndexHeader,
  ) {
    this.header = header;
    this.#pendingFrom = header.indexCount;
  }

  static open(fileSystem: FileSystem, path: string, sizes: IndexSizes): IndexFile {
    const file = fileSystem.open(path, 'read-write');
    const header = Buffer.alloc(INDEX_HEADER_BYTES);
    file.read(header, 0, header.length, 0);
    file.close();
    return new IndexFile(fileSystem, path, sizes, decodeIndexHeader(header));
  }

  /** A new file at full length (a hole), which goes on where the previous one ended. */
  static create(fileSystem: FileSystem, path: string, sizes: IndexSizes, previous: IndexHeader | undefined): IndexFile {
    const file = fileSystem.open(path, 'create');
    try {
      file.truncate(indexFileBytes(sizes));
    } finally {
      file.close();
    }
    const time = previous?.endTimestamp ?? 0;
    const offset = previous?.endPhyOffset ?? 0;
    return new IndexFile(fileSystem, path, sizes, { beginTimestamp: time, endTimestamp: time, beginPhyOffset: offset, endPhyOffset: offset, slotCount: 0, indexCount: 1 });
  }

  get isFull(): boolean {
    return this.header.indexCount >= this.sizes.entries;
  }

  /** Adds an entry; the file must not be full. Apache: IndexFile.java, putKey */
  put(hash: number, physicalOffset: number, storeTimestamp: number): void {
    const { header } = this;
    const slot = hash % this.sizes.slots;
    const page = this.#page(Math.floor(slot / SLOTS_PER_PAGE));
    const position = (slot % SLOTS_PER_PAGE) * INDEX_SLOT_BYTES;
    const newest = page.readInt32BE(position);
    const previous = newest <= 0 || newest > header.indexCount ? 0 : newest;
    this.#addEntry(hash, physicalOffset, this.#secondsOf(storeTimestamp), previous);
    page.writeInt32BE(header.indexCount, position);
    this.#dirtyPages.add(Math.floor(slot / SLOTS_PER_PAGE));
    if (header.indexCount <= 1) {
      header.beginPhyOffset = physicalOffset;
      header.beginTimestamp = storeTimestamp;
    }
    if (previous === 0) header.slotCount += 1;
    header.indexCount += 1;
    header.endPhyOffset = physicalOffset;
    header.endTimestamp = storeTimestamp;
    this.#changed = true;
  }

  /** Whether records stored within [beginMs, endMs] may be in here. Apache: IndexFile.java, isTimeMatched */
  overlaps(beginMs: number, endMs: number): boolean {
    return this.header.indexCount > 1 && beginMs <= this.header.endTimestamp && endMs >= this.header.beginTimestamp;
  }

  /** Physical offsets of entries with this hash, newest first; times are exact to a second only. */
  async find(hash: number, beginMs: number, endMs: number, most: number): Promise<number[]> {
    const { header } = this;
    const slot = hash % this.sizes.slots;
    const found: number[] = [];
    let number = await this.#slotValue(slot);
    while (number > 0 && number < header.indexCount && found.length < most) {
      const entry = await this.entry(number);
      const timeMs = header.beginTimestamp + entry.seconds * 1000;
      if (entry.seconds < 0) break;
      if (entry.hash === hash && timeMs + 1000 > beginMs && timeMs <= endMs) found.push(entry.physicalOffset);
      if (timeMs + 1000 <= beginMs || entry.previous >= number) break;
      number = entry.previous;
    }
    return found;
  }

  async entry(number: number): Promise<IndexEntry> {
    if (number >= this.#pendingFrom) return decodeIndexEntry(this.#pending, (number - this.#pendingFrom) * INDEX_ENTRY_BYTES);
    const buffer = Buffer.allocUnsafe(INDEX_ENTRY_BYTES);
    await this.#opened().readAsync(buffer, 0, buffer.length, this.#entryPosition(number));
    return decodeIndexEntry(buffer, 0);
  }

  /** Writes what is new, header last, and syncs it, off the event loop; without changes it does nothing. */
  async sync(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const pages = [...this.#dirtyPages].sort((a, b) => a - b);
    this.#dirtyPages.clear();
    try {
      this.#writePending();
      const header = encodeIndexHeader(this.header);
      for (let from = 0; from < pages.length; ) from = await this.#writePages(pages, from);
      await this.#opened().writeAsync([header], 0);
      await this.#opened().sync();
    } catch (error) {
      for (const page of pages) this.#dirtyPages.add(page);
      this.#changed = true;
      throw error;
    }
  }

  /** Whether something is not synced. */
  get isChanged(): boolean {
    return this.#changed;
  }

  /** Gives memory back; only when synced. */
  release(): void {
    if (this.#changed) return;
    this.#slotPages.clear();
    this.#pending = Buffer.alloc(0);
    this.#pendingFrom = this.header.indexCount;
  }

  /**
   * Keeps only the entries of records before `physicalOffset` and makes the slots anew from them: after a crash, slots
   * may point to entries that never reached the disk. Returns how many entries are left.
   */
  async rebuild(physicalOffset: number): Promise<number> {
    this.#slotPages.clear();
    const file = this.#opened();
    const slotBytes = Math.ceil(this.sizes.slots / SLOTS_PER_PAGE) * SLOTS_PER_PAGE * INDEX_SLOT_BYTES;
    const slots = Buffer.alloc(slotBytes);
    this.header.slotCount = 0;
    let kept = 1;
    const buffer = Buffer.allocUnsafeSlow(Math.min(ENTRIES_PER_READ, this.sizes.entries) * INDEX_ENTRY_BYTES);
    for (let more = true; more && kept < this.sizes.entries; ) {
      const count = Math.min(buffer.length / INDEX_ENTRY_BYTES, this.sizes.entries - kept);
      const read = await file.readAsync(buffer, 0, count * INDEX_ENTRY_BYTES, this.#entryPosition(kept));
      const before = kept;
      kept = this.#relink(slots, buffer.subarray(0, read), kept, physicalOffset);
      more = kept - before === count;
    }
    this.header.indexCount = kept;
    this.#pendingFrom = kept;
    this.#pending = Buffer.alloc(0);
    for (let page = 0; page * PAGE_BYTES < this.sizes.slots * INDEX_SLOT_BYTES; page++) {
      this.#slotPages.set(page, slots.subarray(page * PAGE_BYTES, Math.min((page + 1) * PAGE_BYTES, this.sizes.slots * INDEX_SLOT_BYTES)));
      this.#dirtyPages.add(page);
    }
    this.#changed = true;
    if (kept > 1) this.header.endPhyOffset = (await this.entry(kept - 1)).physicalOffset;
    return kept - 1;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  remove(): void {
    this.close();
    this.fileSystem.remove(this.path);
  }

  /** Links the entries of one read into the slots, up to the first that does not belong; returns the number behind the last. */
  #relink(slots: Buffer, entries: Buffer, from: number, physicalOffset: number): number {
    let number = from;
    for (let position = 0; position + INDEX_ENTRY_BYTES <= entries.length; position += INDEX_ENTRY_BYTES) {
      const entry = decodeIndexEntry(entries, position);
      const isSound = entry.hash >= 0 && entry.seconds >= 0 && entry.previous >= 0 && entry.previous < number && entry.physicalOffset >= this.header.beginPhyOffset;
      if (!isSound || entry.physicalOffset >= physicalOffset || (number > 1 && entry.hash === 0 && entry.physicalOffset === 0)) return number;
      const slot = (entry.hash % this.sizes.slots) * INDEX_SLOT_BYTES;
      if (slots.readInt32BE(slot) === 0) this.header.slotCount += 1;
      slots.writeInt32BE(number, slot);
      number += 1;
    }
    return number;
  }

  #secondsOf(storeTimestamp: number): number {
    if (this.header.beginTimestamp <= 0 || this.header.indexCount <= 1) return 0;
    return Math.min(Math.max(0, Math.trunc((storeTimestamp - this.header.beginTimestamp) / 1000)), SECONDS_MAX);
  }

  #addEntry(hash: number, physicalOffset: number, seconds: number, previous: number): void {
    if (this.#pending.length === 0) this.#pending = Buffer.allocUnsafeSlow(PENDING_ENTRIES_MAX * INDEX_ENTRY_BYTES);
    if (this.header.indexCount - this.#pendingFrom >= PENDING_ENTRIES_MAX) this.#writePending();
    encodeIndexEntry(this.#pending, (this.header.indexCount - this.#pendingFrom) * INDEX_ENTRY_BYTES, hash, physicalOffset, seconds, previous);
  }

  #writePending(): void {
    const count = this.header.indexCount - this.#pendingFrom;
    if (count === 0) return;
    this.#opened().write([this.#pending.subarray(0, count * INDEX_ENTRY_BYTES)], this.#entryPosition(this.#pendingFrom));
    this.#pendingFrom = this.header.indexCount;
  }

  /** Writes neighbouring pages in one call; returns where the next run begins. */
  async #writePages(pages: readonly number[], from: number): Promise<number> {
    const chunks: Buffer[] = [];
    let index = from;
    while (index < pages.length && pages[index] === pages[from] + chunks.length) chunks.push(this.#slotPages.get(pages[index++]) as Buffer);
    await this.#opened().writeAsync(chunks, INDEX_HEADER_BYTES + pages[from] * PAGE_BYTES);
    return index;
  }

  #page(page: number): Buffer {
    const present = this.#slotPages.get(page);
    if (present) return present;
    const buffer = Buffer.alloc(this.#pageLength(page));
    this.#opened().read(buffer, 0, buffer.length, INDEX_HEADER_BYTES + page * PAGE_BYTES);
    this.#slotPages.set(page, buffer);
    return buffer;
  }

  async #slotValue(slot: number): Promise<number> {
    const page = this.#slotPages.get(Math.floor(slot / SLOTS_PER_PAGE));
    if (page) return page.readInt32BE((slot % SLOTS_PER_PAGE) * INDEX_SLOT_BYTES);
    const buffer = Buffer.alloc(INDEX_SLOT_BYTES);
    await this.#opened().readAsync(buffer, 0, buffer.length, INDEX_HEADER_BYTES + slot * INDEX_SLOT_BYTES);
    return buffer.readInt32BE(0);
  }

  #pageLength(page: number): number {
    return Math.min(PAGE_BYTES, this.sizes.slots * INDEX_SLOT_BYTES - page * PAGE_BYTES);
  }

  #entryPosition(number: number): number {
    return INDEX_HEADER_BYTES + this.sizes.slots * INDEX_SLOT_BYTES + number * INDEX_ENTRY_BYTES;
  }

  #opened(): OpenFile {
    this.#file ??= this.fileSystem.open(this.path, 'read-write');
    return this.#file;
  }
}
