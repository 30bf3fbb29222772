import type { ClaimRequest } from '../../idempotency-store.js';
import type { Fragment } from './statement.js';

/** Where the databases differ. */
export interface SqlDialect {
  readonly name: 'PostgreSQL' | 'SQLite';
  placeholder(number: number): string;
  /** Wall-clock time of the database, whole milliseconds since the epoch. Not the transaction's start. */
  readonly now: Fragment;
  /** The parameter as a 64-bit integer, where the database would not know its type. */
  bigint(value: number): Fragment;
  /** The greater of two integers. */
  greatest(a: Fragment, b: Fragment): Fragment;
  /** Appended to the selection of rows to purge, so that two purges do not wait for each other. */
  readonly skipLocked: Fragment;
  /** Byte order of text, as the other stores list. */
  readonly byteOrder: Fragment;
  /**
   * A statement that answers, in `free`, whether the key is free for this transaction at once, and holds it for the
   * transaction if so; `undefined` where the database cannot ask without waiting.
   */
  tryLock?(request: ClaimRequest): Fragment;
  /** Statements that create table and indexes when missing. */
  schema(table: Fragment, indexName: Fragment): readonly Fragment[];
  /** Codes of the errors that two concurrent `CREATE … IF NOT EXISTS` may cause; doing it again then succeeds. */
  readonly schemaRaceCodes: ReadonlySet<string>;
}
