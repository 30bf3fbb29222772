import { dirname } from 'node:path';

import { RocketMqError } from '../../errors/rocketmq-error.js';
import { SystemClock, type Clock } from '../../runtime/clock.js';
import type { FileSystem } from '../../runtime/file-system.js';
import { silentLogger, type Logger } from '../../runtime/logger.js';
import { NodeFileSystem } from '../../runtime/node-file-system.js';
import { ProcessLock } from '../../runtime/process-lock.js';
import { SystemRandom, type Random } from '../../runtime/random.js';
import { ImmediateTurnScheduler, type TurnScheduler } from '../../runtime/turn-scheduler.js';
import { IdempotencyStoreError } from '../errors.js';
import {
  DEFAULT_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Completion,
  type IdempotencyRecord,
  type IdempotencyStore,
  type ListQuery,
  type RecordPage,
} from '../idempotency-store.js';
import { checkClaimRequest, checkDuration, checkLimit, checkSubject, decideClaim, decideComplete, decideRelease, decideRenew, isCurrent } from '../key-state.js';
import { Maintenance } from './file/maintenance.js';
import { openJournal, type OpenedJournal } from './file/open-journal.js';
import type { Durability } from './file/journal.js';
import type { JournalEntry } from './file/record-codec.js';

/** Options of {@link FileIdempotencyStore.open}. */
export interface FileStoreOptions {
  /** The journal file; its directory is made when missing. */
  readonly path: string;
  /**
   * What a resolved call has survived. `process` (default): `kill -9` of this process; a power cut may take the last
   * second. `machine`: a power cut too, at the price of waiting for the disk (one sync for all that wait).
   */
  readonly durability?: Durability;
  /** Most keys held; default 5 000 000. Over it new keys are refused with a retryable error, never old ones forgotten. */
  readonly keysMax?: number;
  /** The file is rewritten without dead records when it is larger than this and mostly dead, bytes; default 16 MiB. */
  readonly compactOverBytes?: number;
  readonly logger?: Logger;
  /** Default: the machine's. The next five are for tests. */
  readonly clock?: Clock;
  readonly fileSystem?: FileSystem;
  readonly random?: Random;
  readonly turns?: TurnScheduler;
  readonly lock?: (path: string) => { release(): void };
}

/**
 * The default store: keys in one append-only file of this process, no server needed.
 *
 * Guarantees: one effect per key among all handlers of this process, through restarts and `kill -9` (and power cuts,
 * with durability `machine`): a claim or completion that was resolved is there again after the next {@link open}. One
 * process per file: a second is refused with `STORE_LOCKED`. Several instances of a service need an SQL store instead,
 * unless the broker gives each its own queues and no message moves between them.
 *
 * Not guaranteed, as with every store outside of the transaction of the work itself: a process that dies after the
 * effect and before `complete` leaves the key to be taken over after its lease, and the effect happens again.
 *
 * Memory: 32 to 64 bytes a settled key, whatever its length (50 MB for a million), half as much again while the index
 * grows, twice while the file is compacted; keys in progress are held whole. A claim on a new key reads nothing; one on
 * a known key reads its record from the file.
 */
export class FileIdempotencyStore implements IdempotencyStore {
  readonly #clock: Clock;
  readonly #keysMax: number;
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly opened: OpenedJournal,
    private readonly maintenance: Maintenance,
    private readonly lock: { release(): void },
    options: FileStoreOptions,
  ) {
    this.#clock = options.clock ?? new SystemClock();
    this.#keysMax = options.keysMax ?? 5_000_000;
  }

  /**
   * Opens or creates the file and reads it. What a crash left of the last write is cut off. Throws `STORE_LOCKED` when
   * another process has it, `STORE_CORRUPT` when it was damaged before its end.
   */
  static async open(options: FileStoreOptions): Promise<FileIdempotencyStore> {
    if (!options.path) throw new RocketMqError('OPTION_INVALID', `path is '${options.path}'; give the file for the idempotency journal`);
    if (options.keysMax !== undefined) checkLimit('keysMax', options.keysMax, 100_000_000);
    const clock = options.clock ?? new SystemClock();
    const fileSystem = options.fileSystem ?? new NodeFileSystem();
    const logger = options.logger ?? silentLogger;
    fileSystem.makeDirectory(dirname(options.path));
    const lock = (options.lock ?? ((path: string) => ProcessLock.acquire(path, { clock })))(`${options.path}.lock`);
    try {
      const seed = (options.random ?? new SystemRandom()).int(0x7fffffff);
      const { path, durability = 'process', turns = new ImmediateTurnScheduler() } = options;
      const opened = openJournal({ path, durability, seed, nowMs: clock.now(), fileSystem, turns, logger });
      const maintenance = new Maintenance(opened, fileSystem, clock, logger, options.compactOverBytes ?? 16 * 1024 * 1024);
      return new FileIdempotencyStore(opened, maintenance, lock, options);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    checkClaimRequest(request);
    await this.#ready();
    const nowMs = this.#clock.now();
    const { table, journal } = this.opened;
    const found = table.find(journal.reader, request.scope, request.key);
    if (!found.record) this.#requireRoom(nowMs);
    const { result, next } = decideClaim(found.record, request, nowMs, Math.max(table.lastToken + 1, nowMs));
    if (next) await this.#write(next.scope, next.key, { kind: 'state', record: next });
    // An answer from a state that is still on its way to the file is no answer yet: a crash could take it back.
    else await found.writing;
    return result;
  }

  async complete(claim: Claim, completion: Completion = {}): Promise<void> {
    checkDuration('retentionMs', completion.retentionMs ?? DEFAULT_RETENTION_MS);
    await this.#change(claim, (found) => decideComplete(found, claim, completion, this.#clock.now()));
  }

  async release(claim: Claim, reason?: string): Promise<void> {
    await this.#change(claim, (found) => decideRelease(found, claim, reason, this.#clock.now()));
  }

  async renew(claim: Claim, leaseMs: number): Promise<Claim> {
    checkDuration('leaseMs', leaseMs);
    const next = await this.#change(claim, (found) => decideRenew(found, claim, leaseMs, this.#clock.now()));
    return { ...claim, leaseExpiresAtMs: next?.leaseExpiresAtMs ?? claim.leaseExpiresAtMs };
  }

  async find(scope: string, key: string): Promise<IdempotencyRecord | undefined> {
    checkSubject(scope, key);
    await this.#ready();
    const found = this.opened.table.find(this.opened.journal.reader, scope, key);
    await found.writing;
    return isCurrent(found.record, this.#clock.now()) ? found.record : undefined;
  }

  /** Reads the whole file for every page, giving way to other work in between. */
  async list(query: ListQuery = {}): Promise<RecordPage> {
    checkLimit('limit', query.limit ?? 100, 1000);
    await this.#ready();
    return this.maintenance.list(query);
  }

  async forget(scope: string, key: string): Promise<boolean> {
    checkSubject(scope, key);
    await this.#ready();
    const { table, journal } = this.opened;
    const found = table.find(journal.reader, scope, key);
    if (!found.record) {
      await found.writing;
      return false;
    }
    await this.#write(scope, key, { kind: 'forgotten', scope, key, token: found.record.token });
    return isCurrent(found.record, this.#clock.now());
  }

  async purgeExpired(limit = 1000): Promise<number> {
    checkLimit('limit', limit, 1_000_000);
    await this.#ready();
    return this.opened.table.purge(this.#clock.now(), limit);
  }

  /** Rewrites the file without its dead records now. Happens by itself when needed. */
  async compact(): Promise<void> {
    await this.#ready();
    await this.maintenance.compact();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.maintenance.stop();
      await this.opened.journal.close(this.opened.table.lastToken);
    } finally {
      this.lock.release();
    }
  }

  async #change(claim: Claim, decide: (found: IdempotencyRecord | undefined) => IdempotencyRecord | undefined): Promise<IdempotencyRecord | undefined> {
    await this.#ready();
    const found = this.opened.table.find(this.opened.journal.reader, claim.scope, claim.key);
    const next = decide(found.record);
    if (next) await this.#write(next.scope, next.key, { kind: 'state', record: next });
    else await found.writing;
    return next;
  }

  /** Changes memory at once, so that the next caller in this turn sees it, and waits for the file. */
  async #write(scope: string, key: string, entry: Exclude<JournalEntry, { kind: 'mark' }>): Promise<void> {
    const { table, journal } = this.opened;
    const operation = table.change(journal.reader, scope, key, entry);
    let writing: Promise<void>;
    try {
      writing = journal.append(operation);
    } catch (error) {
      operation.undo();
      throw error instanceof RangeError ? new RocketMqError('OPTION_INVALID', error.message, { cause: error }) : error;
    }
    table.markWriting(scope, key, writing);
    await writing;
  }

  async #ready(): Promise<void> {
    if (this.#closing) throw new IdempotencyStoreError(`the idempotency store ${this.opened.journal.path} is closed`, { retryable: false });
    await this.maintenance.untilOpen();
  }

  #requireRoom(nowMs: number): void {
    const { table, journal } = this.opened;
    if (table.size < this.#keysMax || table.purge(nowMs, 1) > 0) return;
    throw new IdempotencyStoreError(`the idempotency store ${journal.path} is full (${this.#keysMax} keys); raise keysMax or shorten the retention`, {
      retryable: true,
      details: { keysMax: this.#keysMax },
    });
  }
}
