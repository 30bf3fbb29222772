import type { FileSystem, OpenFile } from '../../../lib/runtime/file-system.js';

/** One file of the commit log, opened when first needed. Positions given to it are commit-log offsets. */
export class SegmentFile {
  #file: OpenFile | undefined;
  #users = 0;
  #removed = false;

  constructor(
    private readonly fileSystem: FileSystem,
    readonly path: string,
    /** Commit-log offset of its first byte. */
    readonly start: number,
    readonly size: number,
  ) {}

  /** Offset behind its last byte. */
  get end(): number {
    return this.start + this.size;
  }

  /** Writes all chunks, or throws the system's error with an unknown part written. */
  write(chunks: readonly Uint8Array[], offset: number): void {
    this.#open().write(chunks, offset - this.start);
  }

  read(target: Uint8Array, targetOffset: number, length: number, offset: number): number {
    return this.#open().read(target, targetOffset, this.#lengthWithin(offset, length), offset - this.start);
  }

  async readAsync(target: Uint8Array, targetOffset: number, length: number, offset: number): Promise<number> {
    return this.#using((file) => file.readAsync(target, targetOffset, this.#lengthWithin(offset, length), offset - this.start));
  }

  async writeAsync(chunks: readonly Uint8Array[], offset: number): Promise<void> {
    return this.#using((file) => file.writeAsync(chunks, offset - this.start));
  }

  async sync(): Promise<void> {
    return this.#using((file) => file.sync());
  }

  syncNow(): void {
    this.#open().syncNow();
  }

  /** Makes everything from `offset` on read as zero, keeping the file's length. */
  clearFrom(offset: number): void {
    const file = this.#open();
    file.truncate(offset - this.start);
    file.truncate(this.size);
  }

  /** Closes the descriptor when nobody is using it; it is opened again when needed. */
  close(): void {
    if (this.#users > 0 || !this.#file) return;
    this.#file.close();
    this.#file = undefined;
  }

  /** Closes the descriptor as soon as nobody uses it, and for good. */
  retire(): void {
    this.#removed = true;
    this.close();
  }

  async #using<T>(action: (file: OpenFile) => Promise<T>): Promise<T> {
    const file = this.#open();
    this.#users += 1;
    try {
      return await action(file);
    } finally {
      this.#users -= 1;
      if (this.#removed) this.close();
    }
  }

  #lengthWithin(offset: number, length: number): number {
    return Math.max(0, Math.min(length, this.end - offset));
  }

  #open(): OpenFile {
    this.#file ??= this.fileSystem.open(this.path, 'read-write');
    return this.#file;
  }
}
