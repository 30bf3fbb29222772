import type { IdempotencyStore } from '../idempotency-store.js';
import type { SqlDialect } from './sql/dialect.js';
import type { SqlExecutor } from './sql/sql-executor.js';
import { SqlIdempotencyStore, type SqlStoreOptions } from './sql/sql.store.js';
import { raw, sql } from './sql/statement.js';

const POSTGRESQL: SqlDialect = {
  name: 'PostgreSQL',
  placeholder: (number) => `$${number}`,
  now: raw('CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)'),
  bigint: (value) => sql`CAST(${value} AS bigint)`,
  greatest: (a, b) => sql`greatest(${a}, ${b})`,
  skipLocked: raw('FOR UPDATE SKIP LOCKED'),
  byteOrder: raw('COLLATE "C"'),
  // Two keys of one hash only make one of them wait for a retry. The first number keeps clear of others' advisory locks.
  tryLock: ({ scope, key }) => sql`SELECT pg_try_advisory_xact_lock(hashtextextended(${`${scope}\u0001${key}`}, 20260101)) AS "free"`,
  schema: (table, indexName) => [
    sql`CREATE TABLE IF NOT EXISTS ${table} (
  scope varchar(255) NOT NULL,
  business_key varchar(512) NOT NULL,
  status varchar(16) NOT NULL CHECK (status IN ('in-progress', 'completed', 'released')),
  token bigint NOT NULL,
  owner varchar(255) NOT NULL,
  attempt integer NOT NULL,
  taken_over smallint NOT NULL,
  fingerprint varchar(128),
  lease_until bigint NOT NULL,
  expires_at bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  result_kind varchar(8) NOT NULL DEFAULT 'none',
  result_json text,
  result_bytes bytea,
  reason varchar(500),
  PRIMARY KEY (scope, business_key)
)`,
    sql`CREATE INDEX IF NOT EXISTS ${indexName} ON ${table} (expires_at)`,
  ],
  // unique_violation in the catalogue, duplicate_table, duplicate_object
  schemaRaceCodes: new Set(['23505', '42P07', '42710']),
};

/**
 * Keys in a PostgreSQL table (9.5 or later; 11 or later for `whenBusy: 'in-progress'`). Times are milliseconds since the epoch.
 *
 *     CREATE TABLE idempotency_log (
 *       scope varchar(255), business_key varchar(512),  -- primary key
 *       status varchar(16),                             -- in-progress, completed, released
 *       token bigint, owner varchar(255),               -- of the latest claim
 *       attempt integer, taken_over smallint, fingerprint varchar(128),
 *       lease_until bigint, expires_at bigint,          -- index on expires_at
 *       created_at bigint, updated_at bigint,
 *       result_kind varchar(8), result_json text, result_bytes bytea, reason varchar(500))
 *
 * `ddl()` prints the exact statements, `createSchema()` runs them. For the guarantees of the two modes see
 * {@link SqlIdempotencyStore}.
 */
export class PostgresqlIdempotencyStore extends SqlIdempotencyStore {
  constructor(private readonly storeOptions: SqlStoreOptions) {
    super(POSTGRESQL, storeOptions);
  }

  withExecutor(executor: SqlExecutor): IdempotencyStore {
    return new PostgresqlIdempotencyStore({ ...this.storeOptions, currentExecutor: () => executor });
  }
}
