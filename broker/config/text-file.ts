import { dirname } from 'node:path';

import type { FileSystem } from '../../lib/runtime/file-system.js';

/** A small file that is replaced as a whole; what it held before stays beside it as `<name>.bak`. */
export class TextFile {
  constructor(
    private readonly files: FileSystem,
    readonly path: string,
  ) {}

  /** The content as ISO-8859-1, the encoding of `.properties` files; empty when there is no file. */
  read(): string {
    return this.files.readFile(this.path)?.toString('latin1') ?? '';
  }

  /** Replaces the content (text of ISO-8859-1 characters); after a crash at any point the old or the new one is there whole. @throws the disk's error */
  replace(content: string): void {
    const temporary = `${this.path}.tmp`;
    this.files.makeDirectory(dirname(this.path));
    this.files.writeFile(temporary, Buffer.from(content, 'latin1'));
    const previous = this.files.readFile(this.path);
    if (previous !== undefined) this.files.writeFile(`${this.path}.bak`, previous);
    this.files.rename(temporary, this.path);
    this.files.syncDirectory(dirname(this.path));
  }
}
