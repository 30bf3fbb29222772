import { dirname } from 'node:path';

import type { Clock, TimerHandle } from '../../../runtime/clock.js';
import type { FileSystem } from '../../../runtime/file-system.js';
import type { Logger } from '../../../runtime/logger.js';
import type { IdempotencyRecord, ListQuery, RecordPage } from '../../idempotency-store.js';
import { compareSubjects, isCurrent, matches } from '../../key-state.js';
import { Compaction } from './compaction.js';
import { scanRecords } from './journal-scan.js';
import { KeyTable } from './key-table.js';
import { compactionPath, type OpenedJournal } from './open-journal.js';
import { FILE_HEADER } from './record-codec.js';

const SYNC_EVERY_MS = 1000;
const PURGE_EVERY_MS = 60_000;
const PURGE_BATCH = 10_000;
/** Records looked at by a listing before the event loop gets its turn. */
const LIST_SLICE_RECORDS = 2000;
/** What may be left to copy for the exchange itself, bytes: a few milliseconds during which calls wait. */
const EXCHANGE_BYTES_MAX = 256 * 1024;

/** What happens to an open journal besides claims: syncing, purging, compaction, listing. Long jobs go one at a time. */
export class Maintenance {
  readonly #timers: TimerHandle[];
  #job: Promise<unknown> = Promise.resolve();
  #busy = false;
  #stopped = false;
  #gate: Promise<void> | undefined;

  constructor(
    private readonly opened: OpenedJournal,
    private readonly fileSystem: FileSystem,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly compactOverBytes: number,
  ) {
    this.#timers = [clock.repeat(SYNC_EVERY_MS, () => this.#tick()), clock.repeat(PURGE_EVERY_MS, () => this.#purge())];
  }

  /** Resolves when calls may touch table and journal: at once, unless the files are just being exchanged. */
  async untilOpen(): Promise<void> {
    while (this.#gate) await this.#gate;
  }

  /** Rewrites the journal without dead records, behind other jobs. */
  compact(): Promise<void> {
    return this.#inTurn(() => this.#compact());
  }

  /** One page of records, in order. */
  list(query: ListQuery): Promise<RecordPage> {
    return this.#inTurn(() => this.#list(query));
  }

  /** Ends timers and waits for the running job. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#job.catch(() => undefined);
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#job.catch(() => undefined).then(job);
    this.#job = result;
    return result;
  }

  #tick(): void {
    if (this.#busy) return;
    this.#busy = true;
    const { journal, table } = this.opened;
    const dead = journal.end > this.compactOverBytes && table.liveBytes * 2 < journal.end;
    void this.#inTurn(() => (dead ? this.#compact() : journal.syncWritten()))
      // Claims go on without it, and report by themselves when the journal takes no more.
      .catch((error: unknown) => this.logger.error('maintenance of the idempotency journal failed', { path: journal.path, error }))
      .finally(() => (this.#busy = false));
  }

  #purge(): void {
    this.opened.table.purge(this.clock.now(), PURGE_BATCH);
  }

  async #compact(): Promise<void> {
    const { journal } = this.opened;
    const path = compactionPath(journal.path);
    const to = new KeyTable(journal.path, this.opened.seed);
    const compaction = new Compaction(this.fileSystem, path, journal, { from: this.opened.table, to }, this.clock.now());
    try {
      compaction.begin();
      while (journal.end - compaction.copiedTo > EXCHANGE_BYTES_MAX) {
        compaction.copyStep();
        await this.#nextTurn();
        if (this.#stopped) throw new Error('the store was closed during its compaction; the next one starts over');
      }
      // The bulk is synced while calls go on, so that the last sync has little to do.
      await compaction.target.sync();
      await this.#exchange(compaction, to);
    } catch (error) {
      // After the exchange it is the journal.
      if (journal.reader !== compaction.target) {
        compaction.target.close();
        this.fileSystem.remove(path);
      }
      throw error;
    }
  }

  async #exchange(compaction: Compaction, to: KeyTable): Promise<void> {
    const { journal } = this.opened;
    let openGate!: () => void;
    this.#gate = new Promise((resolve) => (openGate = resolve));
    try {
      await journal.settled();
      while (compaction.copiedTo < journal.end) compaction.copyStep();
      compaction.seal();
      this.fileSystem.rename(compaction.path, journal.path);
      journal.replace(compaction.target, compaction.end);
      this.opened.table = to;
      await this.fileSystem.syncDirectoryAsync(dirname(journal.path));
    } finally {
      this.#gate = undefined;
      openGate();
    }
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => this.opened.turns.atTurnEnd(resolve));
  }

  async #list(query: ListQuery): Promise<RecordPage> {
    const limit = query.limit ?? 100;
    const page: IdempotencyRecord[] = [];
    const { journal, table } = this.opened;
    await journal.settled();
    let looked = 0;
    for (const scanned of scanRecords(journal.reader, FILE_HEADER.length, journal.end)) {
      if (++looked % LIST_SLICE_RECORDS === 0) await this.#nextTurn();
      const { entry } = scanned.decoded;
      if (entry.kind !== 'state' || !isCurrent(entry.record, this.clock.now()) || !matches(entry.record, query) || !table.isLive(scanned)) continue;
      insertSorted(page, entry.record);
      if (page.length > limit) page.pop();
    }
    const last = page.length === limit ? page[limit - 1] : undefined;
    return { records: page, next: last && { scope: last.scope, key: last.key } };
  }
}

function insertSorted(page: IdempotencyRecord[], record: IdempotencyRecord): void {
  let low = 0;
  for (let high = page.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compareSubjects(page[middle], record) < 0) low = middle + 1;
    else high = middle;
  }
  page.splice(low, 0, record);
}
