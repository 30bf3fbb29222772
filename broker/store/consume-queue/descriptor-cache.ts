import type { FileSystem, OpenFile } from '../../../lib/runtime/file-system.js';

interface Descriptor {
  readonly file: OpenFile;
  users: number;
  retired: boolean;
}

/** Opens files when they are needed and keeps the most recently used ones open, so that 50 000 queues need few descriptors. */
export class DescriptorCache {
  /** In order of use, oldest first. */
  readonly #open = new Map<string, Descriptor>();

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly filesMax: number,
  ) {}

  get size(): number {
    return this.#open.size;
  }

  /** The file for one synchronous action. @throws the system's error, e.g. `ENOENT` */
  file(path: string): OpenFile {
    return this.#descriptor(path).file;
  }

  /** Lends the file to an action off the event loop; it stays open until the action ends. */
  async using<T>(path: string, action: (file: OpenFile) => Promise<T>): Promise<T> {
    const descriptor = this.#descriptor(path);
    descriptor.users += 1;
    try {
      return await action(descriptor.file);
    } finally {
      descriptor.users -= 1;
      if (descriptor.retired && descriptor.users === 0) descriptor.file.close();
    }
  }

  /** Closes the file, at once or when its last user is done. */
  drop(path: string): void {
    const descriptor = this.#open.get(path);
    if (!descriptor) return;
    this.#open.delete(path);
    descriptor.retired = true;
    if (descriptor.users === 0) descriptor.file.close();
  }

  close(): void {
    for (const path of this.#open.keys()) this.drop(path);
  }

  #descriptor(path: string): Descriptor {
    const present = this.#open.get(path);
    if (present) {
      this.#open.delete(path);
      this.#open.set(path, present);
      return present;
    }
    const descriptor = { file: this.fileSystem.open(path, 'read-write'), users: 0, retired: false };
    this.#open.set(path, descriptor);
    this.#evict(path);
    return descriptor;
  }

  #evict(newest: string): void {
    if (this.#open.size <= this.filesMax) return;
    for (const [path, descriptor] of this.#open) {
      if (descriptor.users > 0 || path === newest) continue;
      this.drop(path);
      return;
    }
  }
}
