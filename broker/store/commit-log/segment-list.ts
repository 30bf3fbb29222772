import { join } from 'node:path';

import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { FileSystem } from '../../../lib/runtime/file-system.js';
import { SegmentFile } from './segment-file.js';
import { segmentName, segmentStart } from './segment-name.js';

/** The files of the commit log in order, without gaps. Creates and removes them; knows nothing of their content. */
export class SegmentList {
  #segments: SegmentFile[] = [];
  #namesUnsynced = false;

  constructor(
    private readonly fileSystem: FileSystem,
    readonly directory: string,
    /** Length of each file. */
    readonly segmentSize: number,
  ) {}

  /**
   * Reads the directory. `afterCrash` allows files that are too short: they were being made, or cut, and get their
   * length. @throws RocketMqError `CONFIG_INVALID` for other files of another length, `STORE_CORRUPT` for a missing one
   */
  load(afterCrash: boolean): void {
    this.fileSystem.makeDirectory(this.directory);
    const names = this.fileSystem.list(this.directory).filter((name) => segmentStart(name) !== undefined);
    this.#dropEmptyLast(names);
    // Their distance proves the configured size, so this comes before any file gets its length.
    for (let index = 1; index < names.length; index++) this.#requireAdjacent(names[index - 1], names[index]);
    if (afterCrash) for (const name of names) this.#complete(name);
    this.#segments = names.map((name) => this.#existing(name));
  }

  get all(): readonly SegmentFile[] {
    return this.#segments;
  }

  get first(): SegmentFile | undefined {
    return this.#segments[0];
  }

  get last(): SegmentFile | undefined {
    return this.#segments[this.#segments.length - 1];
  }

  /** The segment that holds an offset; `undefined` outside of the log. */
  at(offset: number): SegmentFile | undefined {
    if (this.#segments.length === 0) return undefined;
    const index = Math.floor((offset - this.#segments[0].start) / this.segmentSize);
    return this.#segments[index];
  }

  /** The segments that hold a byte of [from, to). */
  between(from: number, to: number): SegmentFile[] {
    return this.#segments.filter((segment) => segment.start < to && segment.end > from);
  }

  /** The segment that starts at `start`, made at full length (a hole) when it is not there yet; see {@link syncNames}. */
  create(start: number): SegmentFile {
    const present = this.at(start);
    if (present) return present;
    const path = join(this.directory, segmentName(start));
    const file = this.fileSystem.open(path, 'create');
    try {
      file.truncate(this.segmentSize);
    } catch (error) {
      file.close();
      this.fileSystem.remove(path);
      throw error;
    }
    file.close();
    this.#namesUnsynced = true;
    const segment = new SegmentFile(this.fileSystem, path, start, this.segmentSize);
    this.#segments.push(segment);
    return segment;
  }

  /** Makes the names of new segments survive the loss of the machine; does nothing when they do. */
  async syncNames(): Promise<void> {
    if (!this.#namesUnsynced) return;
    this.#namesUnsynced = false;
    try {
      await this.fileSystem.syncDirectoryAsync(this.directory);
    } catch (error) {
      this.#namesUnsynced = true;
      throw error;
    }
  }

  /** Removes the oldest segment. */
  removeFirst(): void {
    this.#remove(this.#segments.shift());
  }

  /** Removes every segment that starts at or behind `offset`. */
  removeFrom(offset: number): void {
    while (this.last && this.last.start >= offset) this.#remove(this.#segments.pop());
  }

  modifiedMs(segment: SegmentFile): number | undefined {
    return this.fileSystem.stat(segment.path)?.modifiedMs;
  }

  close(): void {
    for (const segment of this.#segments) segment.close();
  }

  #remove(segment: SegmentFile | undefined): void {
    if (!segment) return;
    segment.retire();
    this.fileSystem.remove(segment.path);
  }

  /** A zero-length last file is what is left of a creation that was cut off. Apache: MappedFileQueue.java */
  #dropEmptyLast(names: string[]): void {
    const last = names[names.length - 1];
    if (last === undefined || this.fileSystem.stat(join(this.directory, last))?.size !== 0) return;
    this.fileSystem.remove(join(this.directory, last));
    names.pop();
  }

  #complete(name: string): void {
    const path = join(this.directory, name);
    if ((this.fileSystem.stat(path)?.size ?? 0) >= this.segmentSize) return;
    const file = this.fileSystem.open(path, 'read-write');
    file.truncate(this.segmentSize);
    file.close();
  }

  #existing(name: string): SegmentFile {
    const path = join(this.directory, name);
    const size = this.fileSystem.stat(path)?.size;
    if (size !== this.segmentSize) {
      throw new RocketMqError('CONFIG_INVALID', `${path} has ${size} bytes, but mappedFileSizeCommitLog is ${this.segmentSize}; set it to the size the store was made with`, {
        details: { path, size, mappedFileSizeCommitLog: this.segmentSize },
      });
    }
    return new SegmentFile(this.fileSystem, path, segmentStart(name) as number, this.segmentSize);
  }

  #requireAdjacent(previous: string, next: string): void {
    const expected = (segmentStart(previous) as number) + this.segmentSize;
    const found = segmentStart(next) as number;
    if (found === expected) return;
    const details = { directory: this.directory, expected, found };
    if (found < expected) {
      throw new RocketMqError('CONFIG_INVALID', `${join(this.directory, next)} begins ${found - (segmentStart(previous) as number)} bytes behind the file before it, but mappedFileSizeCommitLog is ${this.segmentSize}; set it to the size the store was made with`, {
        details,
      });
    }
    throw new RocketMqError('STORE_CORRUPT', `the commit log has no file for offset ${expected}: behind ${previous} comes ${next} in ${this.directory}; restore the missing file`, { details });
  }
}
