/** Size and age of a file. */
export interface FileStat {
  /** Length in bytes. */
  readonly size: number;
  /** Last modification, milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** An open file with positional access; it has no cursor. */
export interface OpenFile {
  /** Writes all of `chunks` one after another from `position` on. Throws the system's error (`ENOSPC`, `EIO`, …); then an unknown part may be written. */
  write(chunks: readonly Uint8Array[], position: number): void;
  /** Reads up to `length` bytes into `target` at `targetOffset`; returns how many there were. */
  read(target: Uint8Array, targetOffset: number, length: number, position: number): number;
  /** As {@link read}, off the event loop. */
  readAsync(target: Uint8Array, targetOffset: number, length: number, position: number): Promise<number>;
  /** As {@link write}, off the event loop. */
  writeAsync(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** Makes everything written so far survive the loss of the machine (`fdatasync`), off the event loop. */
  sync(): Promise<void>;
  /** As {@link sync}, blocking; for start and stop. */
  syncNow(): void;
  /** Sets the file's length; new bytes read as zero. */
  truncate(size: number): void;
  /** Current length in bytes. */
  size(): number;
  close(): void;
}

/**
 * The disk as the store sees it. The real one is {@link NodeFileSystem}; tests use one that drops what was not synced
 * and tears what was being written. All paths are absolute or relative to the process.
 */
export interface FileSystem {
  /** Opens for reading and writing; `create` makes the file when missing, else a missing file is an `ENOENT`. */
  open(path: string, mode: 'read' | 'read-write' | 'create'): OpenFile;
  /** Creates a directory with its parents; harmless when present. */
  makeDirectory(path: string): void;
  /** Names in a directory, sorted; empty when the directory is missing. */
  list(path: string): string[];
  /** `undefined` when missing. */
  stat(path: string): FileStat | undefined;
  /** Whole content; `undefined` when missing. */
  readFile(path: string): Buffer | undefined;
  /** Replaces the whole content and syncs it; not atomic, see `replaceFile` in config storage for that. */
  writeFile(path: string, content: Uint8Array | string): void;
  /** Atomically gives `from` the name `to`, replacing it. */
  rename(from: string, to: string): void;
  /** Removes a file; harmless when missing. */
  remove(path: string): void;
  /** Removes a directory and everything in it; harmless when missing. */
  removeTree(path: string): void;
  /** Makes creations, renames and removals in a directory survive the loss of the machine. */
  syncDirectory(path: string): void;
  /** As {@link syncDirectory}, off the event loop. */
  syncDirectoryAsync(path: string): Promise<void>;
  /** Space, in bytes, of the file system that holds `path`: what is free for us, and that plus what is used (as `df` counts). */
  diskSpace(path: string): { readonly totalBytes: number; readonly freeBytes: number };
}
