import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { sqliteExecutor } from '../../lib/idempotency/stores/sql/sql-executor.js';
import { SqliteIdempotencyStore } from '../../lib/idempotency/stores/sqlite.store.js';
import { acquire, describeIdempotencyStore } from '../support/suites/idempotency-store.js';
import { VirtualClock } from '../support/virtual-clock.js';

let directory: string;
let path: string;
const databases: Database.Database[] = [];

function connect(): Database.Database {
  const database = new Database(path, { timeout: 5000 });
  database.exec('PRAGMA journal_mode = WAL');
  databases.push(database);
  return database;
}

function fresh(): void {
  directory = mkdtempSync(join(tmpdir(), 'idempotency-sqlite-'));
  path = join(directory, 'keys.db');
}

function remove(): void {
  for (const database of databases.splice(0)) database.close();
  rmSync(directory, { recursive: true, force: true });
}

describeIdempotencyStore('SqliteIdempotencyStore', async () => {
  fresh();
  const clock = new VirtualClock();
  const open = (): SqliteIdempotencyStore => new SqliteIdempotencyStore({ executor: sqliteExecutor(connect()), clock });
  let store = open();
  const second = open();
  await store.createSchema();
  await store.createSchema();
  return {
    clock,
    store: () => store,
    second: () => second,
    restart: async () => void (store = open()),
    dispose: async () => remove(),
  };
});

describe('SqliteIdempotencyStore in a transaction', () => {
  beforeEach(fresh);
  afterEach(remove);

  it('commits claim and effect together, or neither', async () => {
    const database = connect();
    const outside = new SqliteIdempotencyStore({ executor: sqliteExecutor(connect()), table: 'my_log' });
    await outside.createSchema();
    const store = outside.withExecutor(sqliteExecutor(database));
    database.exec('CREATE TABLE account (balance INTEGER); INSERT INTO account VALUES (100)');
    const balance = (): unknown => database.prepare('SELECT balance FROM account').all([]);
    for (const end of ['ROLLBACK', 'COMMIT']) {
      database.exec('BEGIN IMMEDIATE');
      const claim = await acquire(store);
      expect(claim).toMatchObject({ transactional: true, attempt: 1 });
      database.exec('UPDATE account SET balance = balance - 10');
      await store.complete(claim, { result: { kind: 'json', value: 'paid' } });
      expect(await outside.find(claim.scope, claim.key)).toBeUndefined();
      database.exec(end);
    }
    expect(balance()).toEqual([{ balance: 90 }]);
    expect(await outside.claim({ scope: 'orders/deduct', key: 'order-1', owner: 'b' })).toMatchObject({ state: 'completed', result: { value: 'paid' } });
  });

  it('reports a database that is busy as retryable', async () => {
    const database = connect();
    const other = new Database(path, { timeout: 1 });
    databases.push(other);
    const store = new SqliteIdempotencyStore({ executor: sqliteExecutor(other) });
    await store.createSchema();
    database.exec('BEGIN IMMEDIATE');
    await expect(acquire(store)).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retryable: true });
    database.exec('ROLLBACK');
    await acquire(store);
  });

  it('uses the time of the database when it has no clock', async () => {
    const store = new SqliteIdempotencyStore({ executor: sqliteExecutor(connect()) });
    await store.createSchema();
    const before = Date.now();
    const claim = await acquire(store, { leaseMs: 60_000 });
    expect(claim.leaseExpiresAtMs).toBeGreaterThanOrEqual(before + 60_000 - 1);
    expect(claim.leaseExpiresAtMs).toBeLessThanOrEqual(Date.now() + 60_000 + 1);
  });

  it('refuses table names that are none', () => {
    const executor = sqliteExecutor(connect());
    for (const table of ['', 'a b', 'x"; DROP TABLE y; --', '1x', 'main.log', 'x'.repeat(64)]) {
      expect(() => new SqliteIdempotencyStore({ executor, table })).toThrow(/table name/);
    }
  });
});
