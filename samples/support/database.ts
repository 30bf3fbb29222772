import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect, type Dialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';

/** How long a SQLite writer waits for another process before it gives up, ms. */
const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens the database of a sample by one setting: `postgres://…` is a PostgreSQL server, anything else the path of an
 * embedded SQLite file, created with its directory when missing.
 */
export function openDatabase<Schema>(url: string): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: isPostgres(url) ? postgresDialect(url) : sqliteDialect(url) });
}

/** Whether `url` names a PostgreSQL server. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

function postgresDialect(url: string): Dialect {
  return new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 8, types: { getTypeParser: parserOf } }) });
}

/** Amounts are `bigint` columns well within ±2^53: read them as numbers, as SQLite does, instead of as text. */
function parserOf(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(type, format as 'text') as (value: string) => unknown);
}

function sqliteDialect(path: string): Dialect {
  return new SqliteDialect({
    database: async () => {
      mkdirSync(dirname(path), { recursive: true });
      const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
      // A commit survives the death of the process; FULL would make it survive the machine's.
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = NORMAL');
      return database;
    },
  });
}
