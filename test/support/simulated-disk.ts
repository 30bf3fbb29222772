// A disk in memory that fails the way disks do. What was written is there for the running process; what was not synced
// may be gone, or there in part, after a crash:
//
//   write, truncate       kept as operations on top of the durable content until the file is synced
//   sync                  makes the operations before its beginning durable when it completes
//   create/rename/remove  of a name is durable once its directory is synced
//
// `crashAt` ends the life of the process at one write, sync or change of a name: that operation may be done in part, and
// everything after it fails. `afterMachineLoss` and `afterKill` then give the disk that the next process finds.
import { dirname } from 'node:path';

import type { FileStat, FileSystem, OpenFile } from '../../lib/runtime/file-system.js';

type Operation = { readonly kind: 'write'; readonly position: number; readonly data: Buffer } | { readonly kind: 'truncate'; readonly size: number };

interface Inode {
  current: Buffer;
  durable: Buffer;
  pending: Operation[];
  modifiedMs: number;
}

const SECTOR_BYTES = 512;

/** A source of chance; a seeded one makes a run repeatable. */
export type Chance = () => number;

/** A small seeded generator (mulberry32). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Thrown by everything that is done after the crash. */
export class CrashedError extends Error {
  readonly code = 'EIO';
  constructor() {
    super('the simulated machine is down');
  }
}

export class SimulatedDisk implements FileSystem {
  #names = new Map<string, Inode>();
  #durableNames = new Map<string, Inode>();
  #directories = new Set<string>(['/']);
  #operations = 0;
  #crashed = false;
  /** Number of the operation (write, sync, change of a name) at which the crash happens. */
  crashAt = Number.POSITIVE_INFINITY;
  /** Makes chosen writes fail; the message is the system's error code. */
  failWrite: ((path: string, position: number, length: number) => string | undefined) | undefined;
  /** Makes chosen syncs fail. */
  failSync: ((path: string) => string | undefined) | undefined;
  /** What `diskSpace` reports. */
  space = { totalBytes: 1e12, freeBytes: 0.9e12 };

  constructor(private readonly chance: Chance) {}

  /** Operations so far. */
  get operations(): number {
    return this.#operations;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** The disk after a loss of power: of what was not synced, chance decides, sector by sector. */
  afterMachineLoss(): SimulatedDisk {
    const disk = new SimulatedDisk(this.chance);
    const survivors = new Map(this.#durableNames);
    for (const name of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      if (this.#names.get(name) === this.#durableNames.get(name) || this.chance() < 0.5) continue;
      const inode = this.#names.get(name);
      if (inode) survivors.set(name, inode);
      else survivors.delete(name);
    }
    for (const [name, inode] of survivors) disk.#adopt(name, this.#contentAfterLoss(inode), inode.modifiedMs);
    return disk;
  }

  /** The disk after `kill -9`: the system lives on, so everything written is there. */
  afterKill(): SimulatedDisk {
    const disk = new SimulatedDisk(this.chance);
    for (const [name, inode] of this.#names) disk.#adopt(name, Buffer.from(inode.current), inode.modifiedMs);
    return disk;
  }

  /** Changes a byte of a file behind everyone's back. */
  flipBit(path: string, position: number, bit: number): void {
    const inode = this.#inode(path);
    inode.current[position] ^= 1 << bit;
    inode.durable = Buffer.from(inode.current);
  }

  open(path: string, mode: 'read' | 'read-write' | 'create'): OpenFile {
    this.#requireAlive();
    if (!this.#names.has(path)) {
      if (mode !== 'create') throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      if (!this.#directories.has(dirname(path))) throw Object.assign(new Error(`ENOENT: no directory for ${path}`), { code: 'ENOENT' });
      this.#step(() => this.#names.set(path, { current: Buffer.alloc(0), durable: Buffer.alloc(0), pending: [], modifiedMs: 0 }));
    }
    return this.#handle(path, this.#inode(path));
  }

  makeDirectory(path: string): void {
    this.#requireAlive();
    for (let at = path; !this.#directories.has(at); at = dirname(at)) this.#directories.add(at);
  }

  list(path: string): string[] {
    this.#requireAlive();
    const prefix = path === '/' ? '/' : `${path}/`;
    const names = new Set<string>();
    for (const known of [...this.#names.keys(), ...this.#directories]) {
      if (known.startsWith(prefix) && known !== prefix) names.add(known.slice(prefix.length).split('/')[0]);
    }
    return [...names].sort();
  }

  stat(path: string): FileStat | undefined {
    this.#requireAlive();
    const inode = this.#names.get(path);
    if (inode) return { size: inode.current.length, modifiedMs: inode.modifiedMs };
    return this.#directories.has(path) ? { size: 0, modifiedMs: 0 } : undefined;
  }

  readFile(path: string): Buffer | undefined {
    this.#requireAlive();
    const inode = this.#names.get(path);
    return inode && Buffer.from(inode.current);
  }

  writeFile(path: string, content: Uint8Array | string): void {
    const file = this.open(path, 'create');
    file.truncate(0);
    file.write([Buffer.from(content as string)], 0);
    file.syncNow();
  }

  rename(from: string, to: string): void {
    const inode = this.#inode(from);
    this.#step(() => {
      this.#names.delete(from);
      this.#names.set(to, inode);
    });
  }

  remove(path: string): void {
    this.#requireAlive();
    if (this.#names.has(path)) this.#step(() => this.#names.delete(path));
  }

  removeTree(path: string): void {
    this.#requireAlive();
    for (const name of Array.from(this.#names.keys())) if (name === path || name.startsWith(`${path}/`)) this.remove(name);
    for (const directory of Array.from(this.#directories)) if (directory === path || directory.startsWith(`${path}/`)) this.#directories.delete(directory);
  }

  syncDirectory(path: string): void {
    this.#step(() => this.#syncNames(path));
  }

  async syncDirectoryAsync(path: string): Promise<void> {
    await nextTurn();
    this.syncDirectory(path);
  }

  diskSpace(): { readonly totalBytes: number; readonly freeBytes: number } {
    return this.space;
  }

  /** All files with their content, for comparisons. */
  files(): ReadonlyMap<string, Buffer> {
    return new Map([...this.#names].map(([name, inode]) => [name, inode.current]));
  }

  #handle(path: string, inode: Inode): OpenFile {
    let isClosed = false;
    const requireOpen = (): void => {
      this.#requireAlive();
      if (isClosed) throw Object.assign(new Error(`${path} is closed`), { code: 'EBADF' });
    };
    const write = (chunks: readonly Uint8Array[], position: number): void => {
      requireOpen();
      this.#write(path, inode, Buffer.concat(chunks), position);
    };
    const read = (target: Uint8Array, targetOffset: number, length: number, position: number): number => {
      requireOpen();
      const available = Math.max(0, Math.min(length, inode.current.length - position));
      target.set(inode.current.subarray(position, position + available), targetOffset);
      return available;
    };
    return {
      write,
      read,
      readAsync: async (...args) => {
        await nextTurn();
        return read(...args);
      },
      writeAsync: async (chunks, position) => {
        await nextTurn();
        write(chunks, position);
      },
      sync: async () => {
        requireOpen();
        const covered = inode.pending.length;
        await nextTurn();
        this.#sync(path, inode, covered);
      },
      syncNow: () => {
        requireOpen();
        this.#sync(path, inode, inode.pending.length);
      },
      truncate: (size) => {
        requireOpen();
        this.#step(() => this.#apply(inode, { kind: 'truncate', size }));
      },
      size: () => inode.current.length,
      close: () => {
        isClosed = true;
      },
    };
  }

  #write(path: string, inode: Inode, data: Buffer, position: number): void {
    const failure = this.failWrite?.(path, position, data.length);
    if (failure) {
      // Part of it is written all the same, as a full disk does it.
      const part = Math.floor(data.length * this.chance());
      if (part > 0) this.#step(() => this.#apply(inode, { kind: 'write', position, data: Buffer.from(data.subarray(0, part)) }));
      throw Object.assign(new Error(`${failure}: write to ${path}`), { code: failure });
    }
    this.#step(
      () => this.#apply(inode, { kind: 'write', position, data: Buffer.from(data) }),
      () => this.#apply(inode, { kind: 'write', position, data: Buffer.from(data.subarray(0, Math.floor(data.length * this.chance()))) }),
    );
  }

  #sync(path: string, inode: Inode, covered: number): void {
    const failure = this.failSync?.(path);
    if (failure) throw Object.assign(new Error(`${failure}: sync of ${path}`), { code: failure });
    this.#step(() => {
      for (const operation of inode.pending.splice(0, Math.min(covered, inode.pending.length))) inode.durable = applied(inode.durable, operation);
    });
  }

  #apply(inode: Inode, operation: Operation): void {
    inode.current = applied(inode.current, operation);
    inode.pending.push(operation);
  }

  #syncNames(directory: string): void {
    for (const name of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      if (dirname(name) !== directory) continue;
      const inode = this.#names.get(name);
      if (inode) this.#durableNames.set(name, inode);
      else this.#durableNames.delete(name);
    }
  }

  /** Does one operation, or crashes in it. */
  #step(action: () => void, actionCutOff: () => void = () => undefined): void {
    this.#requireAlive();
    this.#operations += 1;
    if (this.#operations < this.crashAt) return action();
    actionCutOff();
    this.#crashed = true;
    throw new CrashedError();
  }

  /**
   * The system writes sectors back when it likes, each as it is then: of the writes that touched a sector, the first few
   * are there. Changes of the length keep their order; a length may be older than the data (which is then cut off).
   */
  #contentAfterLoss(inode: Inode): Buffer {
    const lengths = inode.pending.filter(({ kind }) => kind === 'truncate').length;
    const lengthsKept = Math.floor(this.chance() * (lengths + 1));
    const sectorLuck = new Map<number, number>();
    const luckMode = this.chance();
    let seen = 0;
    let content: Buffer = Buffer.from(inode.durable);
    for (const [index, operation] of inode.pending.entries()) {
      if (operation.kind === 'truncate') {
        seen += 1;
        if (seen <= lengthsKept) content = applied(content, operation);
        continue;
      }
      content = this.#writeSectors(content, operation, (sector) => {
        const version = sectorLuck.get(sector) ?? Math.floor(this.chance() * (inode.pending.length + 1));
        sectorLuck.set(sector, version);
        // Some machines lose everything, most lose a little.
        return luckMode > 0.2 && index < version;
      });
    }
    return content;
  }

  #writeSectors(content: Buffer, write: Operation & { kind: 'write' }, survives: (sector: number) => boolean): Buffer {
    let result: Buffer = content;
    const end = write.position + write.data.length;
    for (let at = write.position; at < end; ) {
      const next = Math.min(end, at - (at % SECTOR_BYTES) + SECTOR_BYTES);
      if (survives(Math.floor(at / SECTOR_BYTES))) {
        result = applied(result, { kind: 'write', position: at, data: write.data.subarray(at - write.position, next - write.position) });
      }
      at = next;
    }
    return result;
  }

  #adopt(name: string, content: Buffer, modifiedMs: number): void {
    const inode = { current: content, durable: Buffer.from(content), pending: [], modifiedMs };
    this.#names.set(name, inode);
    this.#durableNames.set(name, inode);
    this.makeDirectory(dirname(name));
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (!inode) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return inode;
  }

  #requireAlive(): void {
    if (this.#crashed) throw new CrashedError();
  }
}

function applied(content: Buffer, operation: Operation): Buffer {
  if (operation.kind === 'truncate') {
    if (operation.size <= content.length) return Buffer.from(content.subarray(0, operation.size));
    return Buffer.concat([content, Buffer.alloc(operation.size - content.length)]);
  }
  const end = operation.position + operation.data.length;
  const target = end > content.length ? Buffer.concat([content, Buffer.alloc(end - content.length)]) : content;
  operation.data.copy(target, operation.position);
  return target;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
