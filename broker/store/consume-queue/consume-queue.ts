import { ENTRY_BYTES, entryPhysicalOffset, writeEntry } from './queue-entry.js';
import type { FileSpan } from './queue-files.js';

/** A run of entries in memory. Valid until the next append to the queue. */
export interface EntryRun {
  readonly buffer: Buffer;
  /** Byte position of the first entry. */
  readonly position: number;
  readonly count: number;
}

const TAIL_ENTRIES_MIN = 16;
/** A tail this long is written before it grows further. */
const TAIL_ENTRIES_MAX = 4096;

/**
 * One consume queue in memory: its limits, and the entries that are not yet in its files together with some before
 * them. All offsets count entries. An idle queue holds no entries, only the numbers.
 */
export class ConsumeQueue {
  /** Offset the next append will get; ahead of {@link maxOffset} while appends are on their way to the disk. */
  nextOffset = 0;
  /** Entries below this are in the files. */
  writtenOffset = 0;
  /** Entries below this survive the loss of the machine. */
  syncedOffset = 0;
  /** First offset there is an entry for, whether or not its record still exists. */
  firstOffset = 0;
  /** Lowest readable offset, valid for the commit log's start {@link minCheckedFor}. */
  minOffset = 0;
  minCheckedFor = 0;
  /** Behind the newest record of an entry in the queue, 0 when empty: entries come in the log's order. */
  physicalEnd = 0;
  /** Physical offset of a record at or before the first entry that is not synced; meaningful while there is one. */
  unsyncedFrom = 0;
  /** Set when the queue was deleted; whoever still works on it then stops. */
  removed = false;
  /** Whether its files were looked at; the table does that when the queue is first asked for. */
  isLoaded = true;
  /** Whether the queue waits to be written or synced; kept by its writer. */
  dirty = false;
  #tail: Buffer | undefined;
  #tailStart = 0;
  #maxOffset = 0;

  constructor(
    readonly topic: string,
    readonly queueId: number,
    readonly span: FileSpan,
  ) {}

  /** Behind the newest entry. */
  get maxOffset(): number {
    return this.#maxOffset;
  }

  get unwrittenEntries(): number {
    return this.#maxOffset - this.writtenOffset;
  }

  get unsyncedEntries(): number {
    return this.#maxOffset - this.syncedOffset;
  }

  /** Memory held by the tail. */
  get tailBytes(): number {
    return this.#tail?.length ?? 0;
  }

  /** States where the queue stands after loading its files: everything from `first` up to `max` is written and synced. */
  restore(first: number, max: number, physicalEnd: number): void {
    this.firstOffset = first;
    this.minOffset = first;
    this.minCheckedFor = -1;
    this.#maxOffset = max;
    this.nextOffset = max;
    this.writtenOffset = max;
    this.syncedOffset = max;
    this.physicalEnd = physicalEnd;
    this.#tail = undefined;
  }

  /** Adds the next entry. Returns whether the tail is full, so that the caller writes it. */
  append(physicalOffset: number, size: number, tagsCode: number): boolean {
    const tail = this.#roomForOne();
    if (this.unsyncedEntries === 0) this.unsyncedFrom = physicalOffset;
    writeEntry(tail, (this.#maxOffset - this.#tailStart) * ENTRY_BYTES, physicalOffset, size, tagsCode);
    this.#maxOffset += 1;
    this.physicalEnd = physicalOffset + size;
    return this.unwrittenEntries >= TAIL_ENTRIES_MAX;
  }

  /** Entries from `offset` on, as many as are in memory; `undefined` when `offset` itself is not. */
  recent(offset: number): EntryRun | undefined {
    if (!this.#tail || offset < this.#tailStart || offset >= this.#maxOffset) return undefined;
    return { buffer: this.#tail, position: (offset - this.#tailStart) * ENTRY_BYTES, count: this.#maxOffset - offset };
  }

  /** Bytes of the entries that are not in the files yet. */
  unwritten(): Buffer {
    if (!this.#tail) return Buffer.alloc(0);
    return this.#tail.subarray((this.writtenOffset - this.#tailStart) * ENTRY_BYTES, (this.#maxOffset - this.#tailStart) * ENTRY_BYTES);
  }

  /** Notes that entries below `offset` are synced. */
  synced(offset: number): void {
    this.syncedOffset = Math.max(this.syncedOffset, offset);
    const next = this.recent(this.syncedOffset);
    if (next) this.unsyncedFrom = entryPhysicalOffset(next.buffer, next.position);
  }

  /** Gives the tail's memory back; only when everything in it is written. */
  releaseTail(): void {
    if (this.unwrittenEntries === 0) this.#tail = undefined;
  }

  #roomForOne(): Buffer {
    const tail = this.#tail;
    if (!tail) {
      this.#tailStart = this.#maxOffset;
      return (this.#tail = Buffer.allocUnsafeSlow(TAIL_ENTRIES_MIN * ENTRY_BYTES));
    }
    const used = this.#maxOffset - this.#tailStart;
    if ((used + 1) * ENTRY_BYTES <= tail.length) return tail;
    return this.#makeRoom(tail, used);
  }

  /** Slides out written entries when that frees at least half of the tail, else doubles it: an entry moves O(1) times. */
  #makeRoom(tail: Buffer, used: number): Buffer {
    const removable = Math.min(this.writtenOffset - this.#tailStart, used >>> 1);
    if (tail.length >= TAIL_ENTRIES_MAX * ENTRY_BYTES && removable >= used >>> 2) {
      tail.copyWithin(0, removable * ENTRY_BYTES, used * ENTRY_BYTES);
      this.#tailStart += removable;
      return tail;
    }
    const larger = Buffer.allocUnsafeSlow(tail.length * 2);
    tail.copy(larger, 0, 0, used * ENTRY_BYTES);
    return (this.#tail = larger);
  }
}
