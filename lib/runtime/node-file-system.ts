import * as fs from 'node:fs';
import { dirname } from 'node:path';

import type { FileStat, FileSystem, OpenFile } from './file-system.js';

/** Chunks one `writev` call may carry; Linux and macOS refuse more than 1024 (`IOV_MAX`). */
const VECTOR_CHUNKS_MAX = 1024;

/**
 * Bytes one call may move. Linux moves at most 2 GiB - 4 KiB a call, and Node's 32-bit result would turn negative
 * above that.
 */
const CALL_BYTES_MAX = 1 << 30;

const OPEN_FLAGS = {
  read: fs.constants.O_RDONLY,
  'read-write': fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT,
} as const;

/** The kernel's side of writing, in one place so that tests can offer short writes. */
export interface WriteCalls {
  /** As `fs.writevSync`: returns how many bytes were taken, which may be fewer than offered. */
  writev(fd: number, chunks: readonly Uint8Array[], position: number): number;
  /** As {@link writev}, off the event loop. */
  writevAsync(fd: number, chunks: readonly Uint8Array[], position: number): Promise<number>;
}

/** Node's own calls. */
export const systemWriteCalls: WriteCalls = {
  writev: (fd, chunks, position) =>
    chunks.length === 1
      ? fs.writeSync(fd, chunks[0], 0, chunks[0].byteLength, position)
      : fs.writevSync(fd, chunks as Uint8Array[], position),
  writevAsync: (fd, chunks, position) =>
    new Promise((resolve, reject) => {
      fs.writev(fd, chunks as Uint8Array[], position, (error, written) => (error ? reject(error) : resolve(written)));
    }),
};

/** What is still to be written: walks over the chunks as the kernel takes bytes. */
class PendingChunks {
  #index = 0;
  #skipped = 0;
  #position: number;

  constructor(
    private readonly chunks: readonly Uint8Array[],
    position: number,
  ) {
    this.#position = position;
    this.#passEmptyChunks();
  }

  get position(): number {
    return this.#position;
  }

  get done(): boolean {
    return this.#index >= this.chunks.length;
  }

  /** The next vector: within the kernel's limits on chunks and bytes, never empty unless {@link done}. */
  next(): Uint8Array[] {
    const vector: Uint8Array[] = [];
    let room = CALL_BYTES_MAX;
    for (let index = this.#index; index < this.chunks.length && vector.length < VECTOR_CHUNKS_MAX && room > 0; index++) {
      const from = index === this.#index ? this.#skipped : 0;
      const chunk = this.chunks[index];
      const length = Math.min(chunk.byteLength - from, room);
      if (length === 0) continue;
      vector.push(from === 0 && length === chunk.byteLength ? chunk : chunk.subarray(from, from + length));
      room -= length;
    }
    return vector;
  }

  /** Notes that the kernel took `written` bytes. A call that takes nothing would loop for ever: it is an error. */
  advance(written: number): void {
    if (written <= 0) {
      throw Object.assign(new Error(`the system wrote 0 bytes at position ${this.#position} without an error`), { code: 'EIO' });
    }
    this.#position += written;
    let left = written;
    while (left > 0) {
      const rest = this.chunks[this.#index].byteLength - this.#skipped;
      const taken = Math.min(rest, left);
      this.#skipped += taken;
      left -= taken;
      if (this.#skipped === this.chunks[this.#index].byteLength) this.#toNextChunk();
    }
    this.#passEmptyChunks();
  }

  #toNextChunk(): void {
    this.#index += 1;
    this.#skipped = 0;
  }

  #passEmptyChunks(): void {
    while (this.#index < this.chunks.length && this.chunks[this.#index].byteLength === 0) this.#toNextChunk();
  }
}

/** A file descriptor with positional access; short writes and reads are continued until everything is moved. */
class NodeOpenFile implements OpenFile {
  #fd: number;

  constructor(
    private readonly path: string,
    fd: number,
    private readonly calls: WriteCalls,
  ) {
    this.#fd = fd;
  }

  write(chunks: readonly Uint8Array[], position: number): void {
    const pending = new PendingChunks(chunks, position);
    while (!pending.done) pending.advance(this.calls.writev(this.#open(), pending.next(), pending.position));
  }

  async writeAsync(chunks: readonly Uint8Array[], position: number): Promise<void> {
    const pending = new PendingChunks(chunks, position);
    while (!pending.done) pending.advance(await this.calls.writevAsync(this.#open(), pending.next(), pending.position));
  }

  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    let total = 0;
    while (total < length) {
      const wanted = Math.min(length - total, CALL_BYTES_MAX);
      const got = fs.readSync(this.#open(), target, targetOffset + total, wanted, position + total);
      if (got === 0) break;
      total += got;
    }
    return total;
  }

  async readAsync(target: Uint8Array, targetOffset: number, length: number, position: number): Promise<number> {
    let total = 0;
    while (total < length) {
      const got = await this.#readOnce(target, targetOffset + total, Math.min(length - total, CALL_BYTES_MAX), position + total);
      if (got === 0) break;
      total += got;
    }
    return total;
  }

  #readOnce(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.read(this.#open(), target, offset, length, position, (error, got) => (error ? reject(error) : resolve(got)));
    });
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fs.fdatasync(this.#open(), (error) => (error ? reject(error) : resolve()));
    });
  }

  syncNow(): void {
    fs.fdatasyncSync(this.#open());
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.#open(), size);
  }

  size(): number {
    return fs.fstatSync(this.#open()).size;
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    // Cleared first: were `close` to throw, a second one must not hit a descriptor that is someone else's by then.
    this.#fd = -1;
    fs.closeSync(fd);
  }

  #open(): number {
    if (this.#fd < 0) throw Object.assign(new Error(`the file ${this.path} is closed; nothing more can be done with it`), { code: 'EBADF' });
    return this.#fd;
  }
}

/** The machine's disk through `node:fs`. Errors are the system's (`ENOENT`, `ENOSPC`, `EACCES`, …), with their `code`. */
export class NodeFileSystem implements FileSystem {
  /** `calls` is for tests of short writes. */
  constructor(private readonly calls: WriteCalls = systemWriteCalls) {}

  open(path: string, mode: 'read' | 'read-write' | 'create'): OpenFile {
    return new NodeOpenFile(path, fs.openSync(path, OPEN_FLAGS[mode], 0o644), this.calls);
  }

  makeDirectory(path: string): void {
    fs.mkdirSync(path, { recursive: true });
  }

  list(path: string): string[] {
    return orWhenMissing(() => fs.readdirSync(path).sort(), []);
  }

  stat(path: string): FileStat | undefined {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    return stats && { size: stats.size, modifiedMs: stats.mtimeMs };
  }

  readFile(path: string): Buffer | undefined {
    return orWhenMissing(() => fs.readFileSync(path), undefined);
  }

  writeFile(path: string, content: Uint8Array | string): void {
    const file = new NodeOpenFile(path, fs.openSync(path, OPEN_FLAGS.create | fs.constants.O_TRUNC, 0o644), this.calls);
    try {
      file.write([typeof content === 'string' ? Buffer.from(content) : content], 0);
      file.syncNow();
    } finally {
      file.close();
    }
  }

  rename(from: string, to: string): void {
    fs.renameSync(from, to);
  }

  remove(path: string): void {
    orWhenMissing(() => fs.unlinkSync(path), undefined);
  }

  removeTree(path: string): void {
    fs.rmSync(path, { recursive: true, force: true });
  }

  syncDirectory(path: string): void {
    // Windows cannot open directories; its file system journals names by itself.
    if (process.platform === 'win32') return;
    const fd = fs.openSync(path, fs.constants.O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  syncDirectoryAsync(path: string): Promise<void> {
    if (process.platform === 'win32') return Promise.resolve();
    return new Promise((resolve, reject) => {
      fs.open(path, fs.constants.O_RDONLY, (openError, fd) => {
        if (openError) return reject(openError);
        fs.fsync(fd, (syncError) => fs.close(fd, () => (syncError ? reject(syncError) : resolve())));
      });
    });
  }

  diskSpace(path: string): { readonly totalBytes: number; readonly freeBytes: number } {
    const stats = fs.statfsSync(nearestExisting(path));
    // `bavail`, not `bfree`: the blocks reserved for root are of no use to us; so they do not count in the total either.
    return { totalBytes: (stats.blocks - stats.bfree + stats.bavail) * stats.bsize, freeBytes: stats.bavail * stats.bsize };
  }
}

/** The path itself or the closest directory above it that exists: a store asks before it has made its directory. */
function nearestExisting(path: string): string {
  let current = path;
  while (!fs.existsSync(current) && dirname(current) !== current) current = dirname(current);
  return current;
}

function orWhenMissing<T>(action: () => T, missing: T): T {
  try {
    return action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing;
    throw error;
  }
}
