import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { RocketMqError } from '../errors/rocketmq-error.js';
import type { Clock, TimerHandle } from './clock.js';

/*
 * How one process at a time gets a file or directory, without kernel locks (Node has none):
 *
 *   <path>.<pid>-<start>-<boot>-<namespace>-<uuid>      empty while its owner is still looking, "held" once it has won
 *
 * Everyone makes a file of its own, then looks at the others'. As making comes before looking, of two processes at
 * least one sees the other; names are never used twice, so removing a dead owner's file can never hit a living one
 * (the usual single lock file cannot promise that: between reading a dead pid and unlinking, a third may have won).
 */

/** The named resource belongs to another living process (or to another lock of this one). */
export class StoreLockedError extends RocketMqError {
  constructor(path: string, holder: string, remedy: string) {
    super('STORE_LOCKED', `${path} is in use by ${holder}; ${remedy}`, { retryable: true, details: { path, holder } });
  }
}

/** What is asked of the machine; tests pass their own to play dead processes, recycled ids and other containers. */
export interface ProcessTable {
  readonly pid: number;
  /** Whether a process of this id exists in our namespace. */
  isAlive(pid: number): boolean;
  /** When the process started, in the system's own unit; `undefined` where the system does not tell. */
  startTime(pid: number): string | undefined;
  /** Identity of the running kernel and of the process-id namespace: ids of others mean nothing to us. */
  readonly world: string;
}

/** Options of {@link ProcessLock.acquire}. */
export interface ProcessLockOptions {
  readonly clock: Clock;
  readonly processes?: ProcessTable;
  /**
   * A holder in another container or on another machine cannot be looked at; it counts as dead when it has not touched
   * its file for this long, ms. Holders touch it five times as often. Default 10 000.
   */
  readonly foreignSilenceMs?: number;
}

interface Contender {
  readonly file: string;
  readonly name: string;
  readonly pid: number;
  readonly start: string;
  readonly world: string;
}

const HELD = 'held';
const LOOK_AGAIN_MS = 1;
const LOOKS_MAX = 2000;

/** An exclusive hold on a path for the life of this process; a killed process's hold is recognised as stale. */
export class ProcessLock {
  #heartbeat: TimerHandle | undefined;

  private constructor(
    readonly path: string,
    private readonly file: string,
    clock: Clock,
    silenceMs: number,
  ) {
    this.#heartbeat = clock.repeat(silenceMs / 5, () => this.#touch());
  }

  /**
   * Takes the lock or throws {@link StoreLockedError} naming the holder. Of several processes that try at once exactly
   * one wins. Blocks for some milliseconds when it meets another that is just trying, otherwise not at all.
   */
  static acquire(path: string, options: ProcessLockOptions): ProcessLock {
    const processes = options.processes ?? systemProcessTable();
    const silenceMs = options.foreignSilenceMs ?? 10_000;
    const name = [processes.pid, processes.startTime(processes.pid) ?? '', processes.world, randomUUID()].join('_');
    const file = `${path}.${name}`;
    fs.closeSync(fs.openSync(file, 'wx', 0o644));
    try {
      waitUntilAlone(path, name, (other) => isLiving(other, processes, fs.statSync(file).mtimeMs, silenceMs));
      fs.writeFileSync(file, HELD);
    } catch (error) {
      fs.rmSync(file, { force: true });
      throw error;
    }
    return new ProcessLock(path, file, options.clock, silenceMs);
  }

  /** Gives the path free; harmless when done before. */
  release(): void {
    if (!this.#heartbeat) return;
    this.#heartbeat.cancel();
    this.#heartbeat = undefined;
    fs.rmSync(this.file, { force: true });
  }

  #touch(): void {
    // Written again rather than given a time: so the disk's clock stamps it, which is the one others compare with.
    // An error has nobody to go to from a timer, and a holder whose directory was removed has nothing left to protect.
    fs.writeFile(this.file, HELD, { flag: 'r+' }, () => undefined);
  }
}

function waitUntilAlone(path: string, myName: string, living: (other: Contender) => boolean): void {
  for (let look = 0; look < LOOKS_MAX; look++) {
    let undecided = false;
    for (const other of contenders(path)) {
      if (other.name === myName) continue;
      if (!living(other)) {
        fs.rmSync(other.file, { force: true });
        continue;
      }
      // The earlier name goes first among those still looking; the later one may already have won, so wait for its word.
      if (isHeld(other.file) || other.name < myName) throw lockedBy(path, other);
      undecided = true;
    }
    if (!undecided) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
  throw new StoreLockedError(path, 'a process that neither takes nor leaves it', `stop it, or remove ${path}.* if it is not this program`);
}

function contenders(path: string): Contender[] {
  const prefix = `${basename(path)}.`;
  const found: Contender[] = [];
  for (const entry of fs.readdirSync(dirname(path))) {
    if (!entry.startsWith(prefix)) continue;
    const name = entry.slice(prefix.length);
    const parts = name.split('_');
    if (parts.length !== 4 || !/^\d+$/.test(parts[0])) continue;
    found.push({ file: join(dirname(path), entry), name, pid: Number(parts[0]), start: parts[1], world: parts[2] });
  }
  return found;
}

function isLiving(other: Contender, processes: ProcessTable, nowOnDiskMs: number, silenceMs: number): boolean {
  if (other.world !== processes.world) {
    // Compared with the age of a file just made, so that the clock of the disk's machine decides, not ours.
    const stat = fs.statSync(other.file, { throwIfNoEntry: false });
    return stat !== undefined && nowOnDiskMs - stat.mtimeMs < silenceMs;
  }
  if (!processes.isAlive(other.pid)) return false;
  const start = processes.startTime(other.pid);
  return start === undefined || other.start === '' || start === other.start;
}

function isHeld(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.size === HELD.length;
}

function lockedBy(path: string, other: Contender): StoreLockedError {
  const here = other.world === systemProcessTable().world;
  const holder = here ? `process ${other.pid}` : `process ${other.pid} of another container or machine`;
  return new StoreLockedError(path, holder, `stop it first, or choose another path (its lock is ${other.file})`);
}

/** The processes of this machine, from `kill(pid, 0)` and, on Linux, `/proc`. */
export function systemProcessTable(): ProcessTable {
  return { pid: process.pid, isAlive, startTime, world: currentWorld() };
}

function isAlive(pid: number): boolean {
  // Killed but not yet collected by its parent: it holds nothing any more.
  if (statFields(pid)?.[0] === 'Z') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists but belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat`, ticks since boot: tells a recycled process id from the one that made the lock. */
function startTime(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The fields of `/proc/<pid>/stat` from the third (state) on; the second, the program's name, may hold blanks. */
function statFields(pid: number): string[] | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function currentWorld(): string {
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')?.slice(0, 8) ?? process.platform;
  const namespace = linkIfThere('/proc/self/ns/pid')?.replace(/\D/g, '') ?? '0';
  return `${boot}-${namespace}`;
}

function readIfThere(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkIfThere(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}
