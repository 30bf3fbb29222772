import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Inject, Injectable } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import Database from 'libsql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteIdempotencyStore } from '../../../lib/idempotency/stores/sqlite.store.js';
import { sqliteExecutor, type SqlExecutor } from '../../../lib/idempotency/stores/sql/sql-executor.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { Idempotent } from '../../../lib/nest/decorators/idempotent.decorator.js';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import type { IdempotencyTransaction } from '../../../lib/nest/idempotency/idempotency-options.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

const STORE = Symbol('store');

/** Transactions of the application, one at a time on one connection, as SQLite has it. */
@Injectable()
class UnitOfWork implements IdempotencyTransaction {
  readonly #current = new AsyncLocalStorage<SqlExecutor>();
  #last: Promise<unknown> = Promise.resolve();
  failCommits = 0;

  constructor(@Inject('DATABASE') private readonly database: Database.Database) {}

  /** The transaction of the work that is running. */
  get current(): SqlExecutor {
    const executor = this.#current.getStore();
    if (executor === undefined) throw new Error('not in a transaction');
    return executor;
  }

  run<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#transact(work));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #transact<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    const executor = sqliteExecutor(this.database);
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = await this.#current.run(executor, () => work(executor));
      if (this.failCommits-- > 0) throw new Error('the commit failed');
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

@Controller()
class Deduction {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @RocketConsumer({ topic: 'order-paid', group: 'deduction' })
  @Idempotent({ key: 'orderId', store: STORE, transaction: UnitOfWork })
  async deduct(@Payload() order: { orderId: string; amount: number; poison?: boolean }): Promise<void> {
    await this.unitOfWork.current.query('UPDATE accounts SET balance = balance - ?', [order.amount]);
    if (order.poison) throw new Error('after the update');
  }
}

let directory: string;
let database: Database.Database;
let close: (() => Promise<void>) | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'idempotent-'));
  database = new Database(join(directory, 'accounts.db'));
  database.exec('CREATE TABLE accounts (balance INTEGER NOT NULL)');
  database.exec('INSERT INTO accounts VALUES (100)');
});
afterEach(async () => {
  await close?.();
  close = undefined;
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

async function start(store: object = new SqliteIdempotencyStore({ executor: sqliteExecutor(database) })) {
  if (store instanceof SqliteIdempotencyStore) await store.createSchema();
  const { app, cluster } = await startMicroservice({
    controllers: [Deduction],
    providers: [UnitOfWork, { provide: 'DATABASE', useValue: database }, { provide: STORE, useValue: store }],
  });
  close = () => app.close();
  return { cluster, unitOfWork: app.get(UnitOfWork) };
}

const balance = (): unknown => (database.prepare('SELECT balance FROM accounts').get() as { balance: number }).balance;
const keys = (): unknown => database.prepare('SELECT business_key, status FROM idempotency_log').all();

it('commits the claim together with the work, and acknowledges duplicates', async () => {
  const { cluster } = await start();
  cluster.put('order-paid', { orderId: 'o1', amount: 5 });
  cluster.put('order-paid', { orderId: 'o1', amount: 5 });
  await eventually('both', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes.map(({ outcome }) => outcome)).toEqual([{ status: 'CONSUME_SUCCESS' }, { status: 'CONSUME_SUCCESS' }]);
  expect(balance()).toBe(95);
  expect(keys()).toEqual([{ business_key: 'o1', status: 'completed' }]);
});

it('leaves nothing of a failed handler: neither its changes nor its claim', async () => {
  const { cluster } = await start();
  cluster.put('order-paid', { orderId: 'o2', amount: 5, poison: true });
  await eventually('the dead letter', () => cluster.deadLetters('deduction').length === 1);
  expect(balance()).toBe(100);
  expect(keys()).toEqual([]);
});

it('does the work again when the commit failed', async () => {
  const { cluster, unitOfWork } = await start();
  unitOfWork.failCommits = 1;
  cluster.put('order-paid', { orderId: 'o3', amount: 5 });
  await eventually('both deliveries', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes[0].outcome).toMatchObject({ status: 'RECONSUME_LATER' });
  expect(balance()).toBe(95);
});

it('stops the start when the store cannot join transactions', async () => {
  await expect(start(new MemoryIdempotencyStore())).rejects.toThrow(/Deduction\.deduct: @Idempotent: its option "transaction" needs a store that can join transactions/);
});
