import type { FileSystem, OpenFile } from '../../../lib/runtime/file-system.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';

/** The real disk with a counter and failures on order. */
export class FaultyFiles extends NodeFileSystem implements FileSystem {
  writes = 0;
  syncs = 0;
  /** The next writes fail, each after this many bytes have reached the file. */
  readonly failWritesAfterBytes: number[] = [];
  failSyncs = 0;
  failTruncates = 0;
  /** Resolves syncs by hand while set. */
  holdSyncs: Promise<void> | undefined;

  override open(path: string, mode: 'read' | 'read-write' | 'create'): OpenFile {
    const file = super.open(path, mode);
    return {
      write: (chunks, position) => {
        this.writes += 1;
        const bytes = this.failWritesAfterBytes.shift();
        if (bytes === undefined) return file.write(chunks, position);
        file.write([Buffer.concat(chunks).subarray(0, bytes)], position);
        throw failed('ENOSPC');
      },
      sync: async () => {
        this.syncs += 1;
        await this.holdSyncs;
        if (this.failSyncs-- > 0) throw failed('EIO');
        await file.sync();
      },
      truncate: (size) => {
        if (this.failTruncates-- > 0) throw failed('EIO');
        file.truncate(size);
      },
      writeAsync: (chunks, position) => file.writeAsync(chunks, position),
      read: (target, offset, length, position) => file.read(target, offset, length, position),
      readAsync: (target, offset, length, position) => file.readAsync(target, offset, length, position),
      syncNow: () => file.syncNow(),
      size: () => file.size(),
      close: () => file.close(),
    };
  }
}

function failed(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}
