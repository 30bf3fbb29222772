import type { OpenFile } from '../../../runtime/file-system.js';
import type { TurnScheduler } from '../../../runtime/turn-scheduler.js';
import { IdempotencyStoreError } from '../../errors.js';
import { encodeEntry, type JournalEntry } from './record-codec.js';
import type { RecordPlace } from './key-index.js';

/** What a resolved call has survived by then: the death of the process, or the loss of the machine. */
export type Durability = 'process' | 'machine';

/** A record on its way to the file, with what becomes of the memory state when it arrives or does not. */
export interface JournalOperation {
  readonly entry: JournalEntry;
  /** Called in order of appending once the record is in the file. */
  settle(place: RecordPlace): void;
  /** Called in reverse order of appending when it is not. */
  undo(): void;
}

interface Batch {
  readonly operations: JournalOperation[];
  readonly chunks: Buffer[];
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The single writer of a journal file. Everything appended in one turn of the event loop reaches the kernel in one
 * write; with durability `machine` one sync serves everyone who waits, and what arrives meanwhile forms the next batch.
 */
export class Journal {
  #batch: Batch | undefined;
  #flushing: Promise<void> | undefined;
  #scheduled = false;
  #broken: unknown;
  /** Everything before this position is known to be synced; what earlier lives synced is not remembered. */
  #synced = 0;

  /** `fileEnd` is the position behind the last intact record. */
  constructor(
    readonly path: string,
    private file: OpenFile,
    private fileEnd: number,
    private readonly durability: Durability,
    private readonly turns: TurnScheduler,
  ) {}

  /** Position behind the last written record. */
  get end(): number {
    return this.fileEnd;
  }

  /** The open file, for reading. */
  get reader(): OpenFile {
    return this.file;
  }

  /** Whether everything appended is written. */
  get idle(): boolean {
    return this.#batch === undefined && this.#flushing === undefined;
  }

  /**
   * Resolves when the record is as durable as promised; rejects, after `undo`, when it is not. Throws at once, with
   * nothing appended, when the record is too large or the journal can take no more.
   */
  append(operation: JournalOperation): Promise<void> {
    if (this.#broken !== undefined) throw this.#failure(this.#broken, false);
    const bytes = encodeEntry(operation.entry, this.#synced);
    this.#batch ??= newBatch();
    this.#batch.operations.push(operation);
    this.#batch.chunks.push(bytes);
    const done = this.#batch.done;
    this.#schedule();
    return done;
  }

  /** Resolves when everything appended so far has been written or has failed. */
  async settled(): Promise<void> {
    while (!this.idle) await (this.#batch?.done ?? this.#flushing)?.catch(() => undefined);
  }

  /** Syncs what was written and remembers how far; for durability `process` this bounds what a power cut takes. */
  async syncWritten(): Promise<void> {
    const target = this.fileEnd;
    if (target <= this.#synced || this.#broken !== undefined) return;
    const file = this.file;
    await this.#sync(() => file.sync());
    if (file === this.file) this.#synced = target;
  }

  /** Puts a compacted file in this one's place. Only while {@link idle}. */
  replace(file: OpenFile, end: number): void {
    this.file.close();
    this.file = file;
    this.fileEnd = end;
    this.#synced = end;
  }

  /** Writes what waits, marks the file as synced, closes it. */
  async close(lastToken: number): Promise<void> {
    await this.settled();
    try {
      if (this.#broken === undefined) {
        this.file.syncNow();
        this.file.write([encodeEntry({ kind: 'mark', token: lastToken }, this.fileEnd)], this.fileEnd);
        this.file.syncNow();
      }
    } finally {
      this.#broken ??= 'closed';
      this.file.close();
    }
  }

  /** Once per turn of the event loop: everything decided in this turn shares the write. */
  #schedule(): void {
    if (this.#scheduled || this.#flushing) return;
    this.#scheduled = true;
    this.turns.atTurnEnd(() => {
      this.#scheduled = false;
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = undefined;
        if (this.#batch) this.#schedule();
      });
    });
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = undefined;
    if (!batch) return;
    let places: RecordPlace[];
    try {
      places = this.#write(batch.chunks);
      if (this.durability === 'machine') await this.#sync(() => this.file.sync());
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    if (this.durability === 'machine') this.#synced = this.fileEnd;
    batch.operations.forEach((operation, index) => operation.settle(places[index]));
    batch.resolve();
  }

  #write(chunks: readonly Buffer[]): RecordPlace[] {
    const start = this.fileEnd;
    let position = start;
    const places = chunks.map(({ length }) => {
      position += length;
      return { position: position - length, length };
    });
    try {
      this.file.write(chunks, start);
    } catch (error) {
      this.#cutBack(start, error);
      throw error;
    }
    this.fileEnd = position;
    return places;
  }

  /** Removes a half written batch; when even that fails the file's end is unknown and nothing may follow it. */
  #cutBack(position: number, writeError: unknown): void {
    try {
      this.file.truncate(position);
    } catch (truncateError) {
      this.#broken = new AggregateError([writeError, truncateError], 'a write failed and its remains could not be cut off');
    }
  }

  async #sync(sync: () => Promise<void>): Promise<void> {
    try {
      await sync();
    } catch (error) {
      // The kernel may have dropped the pages it could not write and will not fail twice: only reading the file again tells.
      this.#broken = error;
      throw error;
    }
  }

  /** What came after the failed batch was decided on the state it left behind, so it fails too. */
  #fail(batch: Batch, cause: unknown): void {
    const later = this.#batch;
    this.#batch = undefined;
    const operations = [...batch.operations, ...(later?.operations ?? [])];
    for (const operation of operations.toReversed()) operation.undo();
    const error = this.#failure(cause, this.#broken === undefined);
    batch.reject(error);
    later?.reject(error);
  }

  #failure(cause: unknown, retryable: boolean): IdempotencyStoreError {
    if (cause === 'closed') return new IdempotencyStoreError(`the idempotency store ${this.path} is closed`, { retryable: false });
    const remedy = retryable ? 'the call had no effect and may be repeated' : 'close the store and open it again';
    return new IdempotencyStoreError(`the idempotency store ${this.path} could not be written (${String(cause)}); ${remedy}`, {
      retryable,
      cause,
      details: { path: this.path },
    });
  }
}

function newBatch(): Batch {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const done = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  // Callers that answer from memory may not wait for it; those that do get the rejection all the same.
  done.catch(() => undefined);
  return { operations: [], chunks: [], done, resolve, reject };
}
