import { join } from 'node:path';

import type { FileSystem } from '../../../lib/runtime/file-system.js';
import { segmentName, segmentStart, segmentStartOf } from '../commit-log/segment-name.js';
import { DescriptorCache } from './descriptor-cache.js';
import { ENTRY_BYTES, FILLER_SIZE, writeEntry } from './queue-entry.js';

/** Where a queue's files are: `[start, end)` in bytes of the queue; no files when both are equal. */
export interface FileSpan {
  start: number;
  end: number;
}

/** Fillers written at once. */
const FILLERS_PER_WRITE = 4096;

/** The files of all consume queues: `<root>/<topic>/<queueId>/<20 digits>`. Positions are bytes of a queue. */
export class QueueFiles {
  readonly descriptors: DescriptorCache;
  /** Directories with new names in them that are not synced yet. */
  readonly #unsyncedDirectories = new Set<string>();

  constructor(
    private readonly fileSystem: FileSystem,
    readonly root: string,
    /** Length of each file, a multiple of the entry's. */
    readonly fileSize: number,
    openFilesMax: number,
  ) {
    this.descriptors = new DescriptorCache(fileSystem, openFilesMax);
  }

  topics(): string[] {
    return this.fileSystem.list(this.root);
  }

  queueIds(topic: string): number[] {
    return this.fileSystem
      .list(join(this.root, topic))
      .filter((name) => /^\d{1,10}$/.test(name))
      .map(Number);
  }

  /**
   * The span of a queue's files. A last file without bytes is what a cut-off creation left, and goes; after a crash one that
   * is too short gets its length; others of another length are reported as such.
   */
  span(topic: string, queueId: number, afterCrash: boolean): FileSpan & { readonly wrongLength?: string } {
    const directory = this.#directory(topic, queueId);
    const names = this.fileSystem.list(directory).filter((name) => segmentStart(name) !== undefined);
    let last = names[names.length - 1];
    if (last === undefined) return { start: 0, end: 0 };
    let size = this.fileSystem.stat(join(directory, last))?.size;
    if (size === 0) {
      this.#removeFile(join(directory, last));
      names.pop();
      last = names[names.length - 1];
      if (last === undefined) return { start: 0, end: 0 };
      size = this.fileSystem.stat(join(directory, last))?.size;
    }
    const span = { start: segmentStart(names[0]) as number, end: (segmentStart(last) as number) + this.fileSize };
    const isPlaced = names.every((name) => (segmentStart(name) as number) % this.fileSize === 0);
    if (size === this.fileSize && isPlaced) return span;
    if (!afterCrash || !isPlaced || (size ?? 0) > this.fileSize) return { ...span, wrongLength: join(directory, last) };
    this.descriptors.file(join(directory, last)).truncate(this.fileSize);
    return span;
  }

  /** Reads up to the end of the file that holds `position`; returns the bytes read. */
  read(topic: string, queueId: number, position: number, target: Buffer, length: number): number {
    const start = segmentStartOf(position, this.fileSize);
    const file = this.descriptors.file(this.#path(topic, queueId, start));
    return file.read(target, 0, Math.min(length, start + this.fileSize - position), position - start);
  }

  /** As {@link read}, off the event loop. */
  async readAsync(topic: string, queueId: number, position: number, target: Buffer, length: number): Promise<number> {
    const start = segmentStartOf(position, this.fileSize);
    return this.descriptors.using(this.#path(topic, queueId, start), (file) =>
      file.readAsync(target, 0, Math.min(length, start + this.fileSize - position), position - start),
    );
  }

  /** Writes entries at `position`, making files as needed; `span` follows. */
  write(topic: string, queueId: number, span: FileSpan, position: number, entries: Buffer): void {
    let done = 0;
    while (done < entries.length) {
      const at = position + done;
      const start = segmentStartOf(at, this.fileSize);
      if (span.start === span.end || start >= span.end) this.#create(topic, queueId, span, start, at);
      const length = Math.min(entries.length - done, start + this.fileSize - at);
      this.descriptors.file(this.#path(topic, queueId, start)).write([entries.subarray(done, done + length)], at - start);
      done += length;
    }
  }

  /** Makes the file that holds `position` survive the loss of the machine. */
  async sync(topic: string, queueId: number, position: number): Promise<void> {
    const start = segmentStartOf(position, this.fileSize);
    await this.descriptors.using(this.#path(topic, queueId, start), (file) => file.sync());
  }

  /** Makes the names of files made so far survive the loss of the machine. */
  async syncDirectories(): Promise<void> {
    const directories = [...this.#unsyncedDirectories];
    this.#unsyncedDirectories.clear();
    for (const directory of directories) {
      if (this.fileSystem.stat(directory)) await this.fileSystem.syncDirectoryAsync(directory);
    }
  }

  /** Makes everything from `position` on read as zero and removes the files behind; the first stays, its name holds the queue's offset. */
  cut(topic: string, queueId: number, span: FileSpan, position: number): void {
    while (span.end - this.fileSize > span.start && span.end - this.fileSize >= position) {
      span.end -= this.fileSize;
      this.#removeFile(this.#path(topic, queueId, span.end));
    }
    if (span.end <= span.start || position >= span.end) return;
    const start = span.end - this.fileSize;
    const file = this.descriptors.file(this.#path(topic, queueId, start));
    file.truncate(Math.max(0, position - start));
    file.truncate(this.fileSize);
  }

  /** Removes the oldest file. */
  removeFirst(topic: string, queueId: number, span: FileSpan): void {
    this.#removeFile(this.#path(topic, queueId, span.start));
    span.start += this.fileSize;
  }

  removeQueue(topic: string, queueId: number, span: FileSpan): void {
    for (let start = span.start; start < span.end; start += this.fileSize) this.descriptors.drop(this.#path(topic, queueId, start));
    this.fileSystem.removeTree(this.#directory(topic, queueId));
  }

  removeTopic(topic: string): void {
    this.fileSystem.removeTree(join(this.root, topic));
  }

  removeAll(): void {
    this.descriptors.close();
    this.fileSystem.removeTree(this.root);
  }

  close(): void {
    this.descriptors.close();
  }

  #create(topic: string, queueId: number, span: FileSpan, start: number, firstUsed: number): void {
    const directory = this.#directory(topic, queueId);
    this.fileSystem.makeDirectory(directory);
    const file = this.fileSystem.open(this.#path(topic, queueId, start), 'create');
    try {
      file.truncate(this.fileSize);
      if (span.start === span.end) this.#fill(file.write.bind(file), firstUsed - start);
    } finally {
      file.close();
    }
    if (span.start === span.end) {
      span.start = start;
      this.#unsyncedDirectories.add(this.root).add(join(this.root, topic));
    }
    span.end = start + this.fileSize;
    this.#unsyncedDirectories.add(directory);
  }

  /** Entries for the part of a first file that is before the queue's first message. Apache: ConsumeQueue.java, fillPreBlank */
  #fill(write: (chunks: Buffer[], position: number) => void, length: number): void {
    if (length === 0) return;
    const fillers = Buffer.alloc(Math.min(length, FILLERS_PER_WRITE * ENTRY_BYTES));
    for (let at = 0; at < fillers.length; at += ENTRY_BYTES) writeEntry(fillers, at, 0, FILLER_SIZE, 0);
    for (let at = 0; at < length; at += fillers.length) write([fillers.subarray(0, Math.min(fillers.length, length - at))], at);
  }

  #removeFile(path: string): void {
    this.descriptors.drop(path);
    this.fileSystem.remove(path);
  }

  #directory(topic: string, queueId: number): string {
    return join(this.root, topic, String(queueId));
  }

  #path(topic: string, queueId: number, start: number): string {
    return join(this.root, topic, String(queueId), segmentName(start));
  }
}
