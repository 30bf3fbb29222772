import type { ConsumeQueue, EntryRun } from './consume-queue.js';
import { ENTRY_BYTES, entryPhysicalOffset, isFiller } from './queue-entry.js';
import type { QueueFiles } from './queue-files.js';

/** Entries read from a file at once. */
const CHUNK_ENTRIES = 800;
const CHUNK_BYTES = CHUNK_ENTRIES * ENTRY_BYTES;

interface Chunk {
  readonly buffer: Buffer;
  /** Offset of the first entry. */
  readonly first: number;
  readonly count: number;
}

/**
 * Reads entries, from the tail of the queue or from its files through a small cache shared by all queues. What is
 * written never changes, so a cached chunk stays true; one that ended at the queue's end then is read again for more.
 */
export class EntryReader {
  readonly #chunks = new Map<string, Chunk>();
  readonly #chunksMax: number;

  constructor(
    private readonly files: QueueFiles,
    memoryMax: number,
  ) {
    this.#chunksMax = Math.max(1, Math.floor(memoryMax / CHUNK_BYTES));
  }

  /** Entries from `offset` on that are in memory now. */
  inMemory(queue: ConsumeQueue, offset: number): EntryRun | undefined {
    const recent = queue.recent(offset);
    if (recent) return recent;
    const chunk = this.#cached(keyOf(queue, offset), offset);
    return chunk && runOf(chunk, offset);
  }

  /** Entries from `offset` on, reading the files when needed; `undefined` when there are none. Blocks for one small read. */
  read(queue: ConsumeQueue, offset: number): EntryRun | undefined {
    const present = this.inMemory(queue, offset);
    if (present) return present;
    const request = this.#request(queue, offset);
    if (!request) return undefined;
    const read = this.files.read(queue.topic, queue.queueId, request.first * ENTRY_BYTES, request.buffer, request.buffer.length);
    return this.#keep(queue, offset, request, read);
  }

  /** As {@link read}, off the event loop. */
  async readAsync(queue: ConsumeQueue, offset: number): Promise<EntryRun | undefined> {
    const present = this.inMemory(queue, offset);
    if (present) return present;
    const request = this.#request(queue, offset);
    if (!request) return undefined;
    const read = await this.files.readAsync(queue.topic, queue.queueId, request.first * ENTRY_BYTES, request.buffer, request.buffer.length);
    return this.#keep(queue, offset, request, read);
  }

  /** Lowest offset whose record starts at or behind `commitLogStart`; max offset when all are gone. Apache: ConsumeQueue.java, correctMinOffset */
  minOffset(queue: ConsumeQueue, commitLogStart: number): number {
    if (queue.minCheckedFor !== commitLogStart) {
      const from = Math.max(queue.firstOffset, queue.minCheckedFor < 0 ? 0 : queue.minOffset);
      queue.minOffset = this.firstAtOrBehind(queue, from, commitLogStart);
      queue.minCheckedFor = commitLogStart;
    }
    return queue.minOffset;
  }

  /** First offset from `from` on whose record starts at or behind a position of the commit log. */
  firstAtOrBehind(queue: ConsumeQueue, from: number, physicalOffset: number): number {
    let low = from;
    let high = queue.maxOffset;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      const run = this.read(queue, middle);
      if (run && isBefore(run, physicalOffset)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets what was read of a queue; needed when its files are cut or removed. */
  forget(queue: ConsumeQueue): void {
    const prefix = `${queue.topic}\n${queue.queueId}\n`;
    for (const key of this.#chunks.keys()) if (key.startsWith(prefix)) this.#chunks.delete(key);
  }

  clear(): void {
    this.#chunks.clear();
  }

  #cached(key: string, offset: number): Chunk | undefined {
    const chunk = this.#chunks.get(key);
    if (!chunk || offset < chunk.first || offset - chunk.first >= chunk.count) return undefined;
    this.#chunks.delete(key);
    this.#chunks.set(key, chunk);
    return chunk;
  }

  /** What to read for `offset`: its chunk, no further than what is in the files. */
  #request(queue: ConsumeQueue, offset: number): { readonly first: number; readonly buffer: Buffer } | undefined {
    const first = Math.max(chunkStart(offset), Math.ceil(queue.span.start / ENTRY_BYTES));
    const count = Math.min(chunkStart(offset) + CHUNK_ENTRIES, queue.writtenOffset) - first;
    if (offset < first || offset - first >= count) return undefined;
    // A chunk may begin in one file and end in the next; then its second part is read for itself.
    const entriesPerFile = this.files.fileSize / ENTRY_BYTES;
    const fileStart = offset - (offset % entriesPerFile);
    const start = Math.max(first, fileStart);
    return { first: start, buffer: Buffer.allocUnsafeSlow((first + count - start) * ENTRY_BYTES) };
  }

  #keep(queue: ConsumeQueue, offset: number, request: { readonly first: number; readonly buffer: Buffer }, read: number): EntryRun | undefined {
    const chunk = { buffer: request.buffer, first: request.first, count: Math.floor(read / ENTRY_BYTES) };
    if (queue.removed || offset - chunk.first >= chunk.count) return undefined;
    this.#chunks.set(keyOf(queue, offset), chunk);
    if (this.#chunks.size > this.#chunksMax) this.#chunks.delete(this.#chunks.keys().next().value as string);
    return runOf(chunk, offset);
  }
}

const chunkStart = (offset: number): number => offset - (offset % CHUNK_ENTRIES);

const keyOf = (queue: ConsumeQueue, offset: number): string => `${queue.topic}\n${queue.queueId}\n${chunkStart(offset)}`;

const runOf = (chunk: Chunk, offset: number): EntryRun => ({
  buffer: chunk.buffer,
  position: (offset - chunk.first) * ENTRY_BYTES,
  count: chunk.count - (offset - chunk.first),
});

function isBefore(run: EntryRun, physicalOffset: number): boolean {
  return isFiller(run.buffer, run.position) || entryPhysicalOffset(run.buffer, run.position) < physicalOffset;
}
