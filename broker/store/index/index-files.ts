import { join } from 'node:path';

import type { FileSystem } from '../../../lib/runtime/file-system.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import { IndexFile, indexFileBytes, type IndexSizes } from './index-file.js';

const NAME = /^\d{17}$/;

/** The index files, oldest first; only the newest is written to. */
export class IndexFiles {
  #files: IndexFile[] = [];

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly directory: string,
    private readonly sizes: IndexSizes,
    private readonly logger: Logger,
  ) {}

  get all(): readonly IndexFile[] {
    return this.#files;
  }

  get newest(): IndexFile | undefined {
    return this.#files[this.#files.length - 1];
  }

  /** Reads the directory. Files of another size cannot be used and are removed: the log has everything that is in them. */
  load(): void {
    for (const name of this.fileSystem.list(this.directory)) {
      if (!NAME.test(name)) continue;
      const path = join(this.directory, name);
      const size = this.fileSystem.stat(path)?.size;
      if (size === indexFileBytes(this.sizes)) this.#files.push(IndexFile.open(this.fileSystem, path, this.sizes));
      else {
        this.logger.warn('an index file of another size is removed', { path, size, expected: indexFileBytes(this.sizes) });
        this.fileSystem.remove(path);
      }
    }
  }

  /** Makes the next file, named by the time, as the newest. */
  create(nowMs: number): IndexFile {
    this.fileSystem.makeDirectory(this.directory);
    const previous = this.newest;
    let timeMs = nowMs;
    let path = join(this.directory, nameOf(timeMs));
    // Names must differ and be in order even when the clock stands still or goes back.
    const after = previous?.path ?? '';
    while (path <= after) path = join(this.directory, nameOf(++timeMs));
    const file = IndexFile.create(this.fileSystem, path, this.sizes, previous?.header);
    this.#files.push(file);
    return file;
  }

  remove(file: IndexFile): void {
    this.#files = this.#files.filter((other) => other !== file);
    file.remove();
  }

  close(): void {
    for (const file of this.#files) file.close();
  }
}

/** `yyyyMMddHHmmssSSS` in local time. Apache: UtilAll.java, timeMillisToHumanString */
export function nameOf(timeMs: number): string {
  const time = new Date(timeMs);
  const parts = [time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()];
  const millis = String(time.getMilliseconds()).padStart(3, '0');
  return String(time.getFullYear()).padStart(4, '0') + parts.map((part) => String(part).padStart(2, '0')).join('') + millis;
}
