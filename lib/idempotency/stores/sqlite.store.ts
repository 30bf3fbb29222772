import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { IdempotencyStore } from '../idempotency-store.js';
import type { SqlDialect } from './sql/dialect.js';
import type { SqlExecutor } from './sql/sql-executor.js';
import { SqlIdempotencyStore, type SqlStoreOptions } from './sql/sql.store.js';
import { raw, sql } from './sql/statement.js';

const SQLITE: SqlDialect = {
  name: 'SQLite',
  placeholder: () => '?',
  // By way of the Julian day, because unixepoch('subsec') needs 3.42; rounded, as a double cannot hold a day's milliseconds exactly.
  now: raw("CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"),
  bigint: (value) => sql`CAST(${value} AS INTEGER)`,
  greatest: (a, b) => sql`max(${a}, ${b})`,
  skipLocked: raw(''),
  byteOrder: raw('COLLATE BINARY'),
  schema: (table, indexName) => [
    sql`CREATE TABLE IF NOT EXISTS ${table} (
  scope TEXT NOT NULL,
  business_key TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('in-progress', 'completed', 'released')),
  token INTEGER NOT NULL,
  owner TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  taken_over INTEGER NOT NULL,
  fingerprint TEXT,
  lease_until INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  result_kind TEXT NOT NULL DEFAULT 'none',
  result_json TEXT,
  result_bytes BLOB,
  reason TEXT,
  PRIMARY KEY (scope, business_key)
) WITHOUT ROWID`,
    sql`CREATE INDEX IF NOT EXISTS ${indexName} ON ${table} (expires_at)`,
  ],
  schemaRaceCodes: new Set(),
};

/**
 * Keys in an SQLite table (3.35 or later, for `RETURNING`), through `better-sqlite3` or `libsql`. The columns are those of
 * {@link PostgresqlIdempotencyStore}.
 *
 * SQLite knows transactions per connection, not per caller: while one is open on a connection, every statement on it is
 * part of it. So give the store's own executor a connection of its own when transactions span an `await`, and begin them
 * with `BEGIN IMMEDIATE` and a `busy_timeout`: a plain `BEGIN` that claims after it has read may get SQLITE_BUSY at once.
 * For the guarantees of the two modes see {@link SqlIdempotencyStore}.
 */
export class SqliteIdempotencyStore extends SqlIdempotencyStore {
  constructor(private readonly storeOptions: SqlStoreOptions) {
    super(SQLITE, storeOptions);
    if (storeOptions.table?.includes('.')) {
      throw new RocketMqError('OPTION_INVALID', `the table name is '${storeOptions.table}'; SQLite has no schemas here, give a plain name`);
    }
  }

  withExecutor(executor: SqlExecutor): IdempotencyStore {
    return new SqliteIdempotencyStore({ ...this.storeOptions, currentExecutor: () => executor });
  }
}
