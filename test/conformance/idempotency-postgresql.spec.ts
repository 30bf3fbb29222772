import { randomUUID } from 'node:crypto';

import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { Client, Pool, type PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { IdempotencyStoreError } from '../../lib/idempotency/errors.js';
import { IdempotentRunner } from '../../lib/idempotency/runner.js';
import { PostgresqlIdempotencyStore } from '../../lib/idempotency/stores/postgresql.store.js';
import { kyselyExecutor, pgExecutor } from '../../lib/idempotency/stores/sql/sql-executor.js';
import type { SqlStoreOptions } from '../../lib/idempotency/stores/sql/sql.store.js';
import { eventually } from '../support/eventually.js';
import { startTestPostgres, type TestPostgres } from '../support/postgres.js';
import { requirePeer } from '../support/requirements.js';
import { acquire, describeIdempotencyStore } from '../support/suites/idempotency-store.js';
import { VirtualClock } from '../support/virtual-clock.js';

requirePeer('postgresql');

let server: TestPostgres;
let pool: Pool;
beforeAll(async () => {
  server = await startTestPostgres();
  pool = new Pool({ ...server.config, max: 20 });
});
afterAll(async () => {
  await pool.end();
  await server.stop();
});

const tableName = (): string => `log_${randomUUID().replaceAll('-', '')}`;
const options = (change: Partial<SqlStoreOptions> = {}): SqlStoreOptions => ({ executor: pgExecutor(pool), table: tableName(), ...change });

/** Resolves when some claim waits for another transaction. */
async function untilWaiting(): Promise<void> {
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO \"log_%'";
  await eventually('a claim to wait for a lock', async () => (await pool.query(waiting)).rowCount === 1);
}

describeIdempotencyStore('PostgresqlIdempotencyStore', async () => {
  const clock = new VirtualClock();
  const same = options({ clock });
  let store = new PostgresqlIdempotencyStore(same);
  await store.createSchema();
  const second = new PostgresqlIdempotencyStore(same);
  return {
    clock,
    store: () => store,
    second: () => second,
    restart: async () => void (store = new PostgresqlIdempotencyStore(same)),
    dispose: async () => void (await pool.query(`DROP TABLE ${same.table}`)),
  };
});

describe('PostgresqlIdempotencyStore with answers at once', () => {
  it('lets one of a hundred racing claims through', async () => {
    const store = new PostgresqlIdempotencyStore(options({ whenBusy: 'in-progress' }));
    await store.createSchema();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => store.claim({ scope: 's', key: 'k', owner: `o${index}` })));
    expect(answers.filter((answer) => answer.state === 'acquired')).toHaveLength(1);
    expect(answers.filter((answer) => answer.state === 'in-progress')).toHaveLength(99);
  });
});

describe('PostgresqlIdempotencyStore in a transaction', () => {
  let store: PostgresqlIdempotencyStore;
  let account: string;
  const clients: PoolClient[] = [];
  beforeEach(async () => {
    store = new PostgresqlIdempotencyStore(options());
    await store.createSchema();
    account = `account_${randomUUID().replaceAll('-', '')}`;
    await pool.query(`CREATE TABLE ${account} (balance integer)`);
    await pool.query(`INSERT INTO ${account} VALUES (100)`);
  });
  afterEach(() => {
    // Destroyed, not returned: a failed test may have left a transaction open.
    for (const client of clients.splice(0)) client.release(true);
  });

  const begin = async (isolation = 'READ COMMITTED'): Promise<PoolClient> => {
    const client = await pool.connect();
    clients.push(client);
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    return client;
  };
  const balance = async (): Promise<unknown> => (await pool.query<{ balance: number }>(`SELECT balance FROM ${account}`)).rows[0].balance;
  const deduct = (client: PoolClient): Promise<unknown> => client.query(`UPDATE ${account} SET balance = balance - 10`);

  it('leaves nothing of a rolled back claim, and both claim and effect after a commit', async () => {
    for (const end of ['ROLLBACK', 'COMMIT']) {
      const client = await begin();
      const bound = store.withExecutor(pgExecutor(client));
      const claim = await acquire(bound);
      expect(claim).toMatchObject({ attempt: 1, transactional: true });
      await deduct(client);
      await bound.complete(claim, { result: { kind: 'json', value: 'paid' } });
      expect(await store.find(claim.scope, claim.key)).toBeUndefined();
      await client.query(end);
    }
    expect(await balance()).toBe(90);
    expect(await store.find('orders/deduct', 'order-1')).toMatchObject({ state: 'completed', attempt: 1, result: { value: 'paid' } });
  });

  it('makes a concurrent duplicate wait, then replay after a commit', async () => {
    const [first, second] = [await begin(), await begin()];
    const claim = await acquire(store.withExecutor(pgExecutor(first)));
    const duplicate = store.withExecutor(pgExecutor(second)).claim({ scope: claim.scope, key: claim.key, owner: 'b' });
    await untilWaiting();
    await store.withExecutor(pgExecutor(first)).complete(claim, { result: { kind: 'json', value: 1 } });
    await first.query('COMMIT');
    expect(await duplicate).toMatchObject({ state: 'completed', result: { value: 1 } });
    await second.query('COMMIT');
  });

  it('makes a concurrent duplicate wait, then acquire after a rollback', async () => {
    const [first, second] = [await begin(), await begin()];
    const claim = await acquire(store.withExecutor(pgExecutor(first)));
    const duplicate = store.withExecutor(pgExecutor(second)).claim({ scope: claim.scope, key: claim.key, owner: 'b' });
    await untilWaiting();
    await first.query('ROLLBACK');
    expect(await duplicate).toMatchObject({ state: 'acquired', takenOver: false, claim: { attempt: 1 } });
  });

  it('answers a concurrent duplicate at once when told to, without spoiling its transaction', async () => {
    const quick = new PostgresqlIdempotencyStore(options({ whenBusy: 'in-progress', busyRetryAfterMs: 250 }));
    await quick.createSchema();
    const [first, second] = [await begin(), await begin()];
    const subject = { scope: 's', key: 'k' };
    const claim = await acquire(quick.withExecutor(pgExecutor(first)), subject);
    expect(await quick.withExecutor(pgExecutor(second)).claim({ ...subject, owner: 'b' })).toEqual({ state: 'in-progress', retryAfterMs: 250 });
    expect(await quick.claim({ ...subject, owner: 'c' })).toEqual({ state: 'in-progress', retryAfterMs: 250 });
    await deduct(second);
    await second.query('COMMIT');
    await quick.withExecutor(pgExecutor(first)).complete(claim);
    await first.query('COMMIT');
    expect(await quick.claim({ ...subject, owner: 'b' })).toMatchObject({ state: 'completed' });
  });

  it.each(['REPEATABLE READ', 'SERIALIZABLE'])('reports a serialization failure under %s as retryable, with its cause', async (isolation) => {
    const [first, second] = [await begin(isolation), await begin(isolation)];
    await second.query('SELECT 1');
    const claim = await acquire(store.withExecutor(pgExecutor(first)));
    const duplicate = store.withExecutor(pgExecutor(second)).claim({ scope: claim.scope, key: claim.key, owner: 'b' });
    const outcome = expect(duplicate).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retryable: true, details: { code: '40001' }, cause: { code: '40001' } });
    await untilWaiting();
    await store.withExecutor(pgExecutor(first)).complete(claim);
    await first.query('COMMIT');
    await outcome;
  });

  it('has exactly one effect of twenty concurrent deliveries, of which half lose their connection before the commit', async () => {
    const runner = new IdempotentRunner({ store });
    const deliver = async (dies: boolean): Promise<string> => {
      const client = await begin();
      const outcome = await runner.run({ scope: 's', key: 'k', store: store.withExecutor(pgExecutor(client)) }, () => deduct(client).then(() => 'paid'));
      if (dies && !outcome.replayed) {
        clients.splice(clients.indexOf(client), 1);
        client.release(true);
        return 'died';
      }
      await client.query('COMMIT');
      return outcome.status;
    };
    const outcomes = await Promise.all(Array.from({ length: 16 }, (_, index) => deliver(index < 8)));
    expect(outcomes.filter((outcome) => outcome === 'executed').length).toBeLessThanOrEqual(1);
    if (!outcomes.includes('executed')) expect(await deliver(false)).toBe('executed');
    expect(await deliver(false)).toBe('replayed');
    expect(await balance()).toBe(90);
  });

  it('frees a claim at once that was committed without its completion', async () => {
    const client = await begin();
    const claim = await acquire(store.withExecutor(pgExecutor(client)));
    await store.withExecutor(pgExecutor(client)).release(claim);
    await client.query('COMMIT');
    expect(await store.claim({ scope: claim.scope, key: claim.key, owner: 'b' })).toMatchObject({ state: 'acquired' });
  });

  it('follows the current transaction when a provider tells it, and refuses to settle outside of it', async () => {
    let current: PoolClient | undefined = await begin();
    const following = new PostgresqlIdempotencyStore(options({ currentExecutor: () => current && pgExecutor(current) }));
    const client = current;
    await following.createSchema();
    const claim = await acquire(following);
    expect(claim.transactional).toBe(true);
    current = undefined;
    await expect(following.complete(claim)).rejects.toThrow(/outside/);
    current = client;
    await following.complete(claim);
    await client.query('COMMIT');
    current = undefined;
    expect(await following.claim({ scope: claim.scope, key: claim.key, owner: 'b' })).toMatchObject({ state: 'completed' });
  });

  it('joins a transaction of Kysely', async () => {
    const database = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool: async () => ({ ...pool, connect: () => pool.connect(), end: async () => undefined }) }) });
    const attempt = (fail: boolean): Promise<unknown> =>
      database.transaction().execute(async (trx) => {
        const runner = new IdempotentRunner({ store: store.withExecutor(kyselyExecutor(trx)) });
        const outcome = await runner.run({ scope: 's', key: 'k' }, async () => {
          await trx.executeQuery(CompiledQuery.raw(`UPDATE ${account} SET balance = balance - 10`));
          return { paid: 10 };
        });
        if (fail) throw new Error('later step failed');
        return outcome;
      });
    await expect(attempt(true)).rejects.toThrow('later step failed');
    expect(await attempt(false)).toMatchObject({ status: 'executed', attempt: 1 });
    expect(await attempt(false)).toMatchObject({ status: 'replayed', result: { paid: 10 } });
    expect(await balance()).toBe(90);
  });
});

describe('PostgresqlIdempotencyStore', () => {
  it('creates its schema in ten processes at once, and in a schema of its own', async () => {
    await pool.query('CREATE SCHEMA IF NOT EXISTS other');
    for (const table of [tableName(), `other.${'Long'.repeat(15)}`]) {
      await Promise.all(Array.from({ length: 10 }, () => new PostgresqlIdempotencyStore(options({ table })).createSchema()));
      const store = new PostgresqlIdempotencyStore(options({ table }));
      await store.complete(await acquire(store));
      expect(store.ddl().join(';\n')).toContain('CREATE TABLE IF NOT EXISTS');
    }
  });

  it('refuses table names that are none', () => {
    for (const table of ['', 'a b', 'x"; DROP TABLE y; --', '1x', 'a.b.c', 'x'.repeat(64)]) {
      expect(() => new PostgresqlIdempotencyStore(options({ table }))).toThrow(/table name/);
    }
  });

  it('uses the time of the database when it has no clock', async () => {
    const store = new PostgresqlIdempotencyStore(options());
    await store.createSchema();
    const { rows } = await pool.query<{ now: string }>('SELECT floor(extract(epoch FROM clock_timestamp()) * 1000) AS now');
    const claim = await acquire(store, { leaseMs: 60_000 });
    expect(claim.leaseExpiresAtMs - 60_000 - Number(rows[0].now)).toBeGreaterThanOrEqual(0);
    expect(claim.token).toBeGreaterThanOrEqual(Number(rows[0].now));
  });

  it('tells errors that may pass from those that will not', async () => {
    const missing = new PostgresqlIdempotencyStore(options());
    await expect(acquire(missing)).rejects.toMatchObject({ retryable: false, details: { code: '42P01' } });
    const gone = new Client(server.config);
    await gone.connect();
    await gone.end();
    const closed = new PostgresqlIdempotencyStore(options({ executor: pgExecutor(gone) }));
    await expect(acquire(closed)).rejects.toBeInstanceOf(IdempotencyStoreError);
    const nowhere = new Pool({ host: '127.0.0.1', port: 1 });
    await expect(acquire(new PostgresqlIdempotencyStore(options({ executor: pgExecutor(nowhere) })))).rejects.toMatchObject({ retryable: true });
    await nowhere.end();
  });
});
