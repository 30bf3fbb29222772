import { dirname } from 'node:path';

import type { FileSystem } from '../../lib/runtime/file-system.js';

/** A small file that is replaced as a whole; what it held before stays beside it as `<name>.bak`. */
export class TextFile {
  constructor(
    private readonly files: FileSystem,
    readonly path: string,
  ) {}

  /** Replaces the content; after a crash at any point the old or the new one is there whole. @throws the disk's error */
  replace(content: string): void {
    const temporary = `${this.path}.tmp`;
    this.files.makeDirectory(dirname(this.path));
    this.files.writeFile(temporary, content);
    const previous = this.files.readFile(this.path);
    if (previous !== undefined) this.files.writeFile(`${this.path}.bak`, previous);
    this.files.rename(temporary, this.path);
    this.files.syncDirectory(dirname(this.path));
  }
}
