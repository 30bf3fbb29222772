import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { type IdempotencyTransaction, type SqlExecutor, kyselyExecutor } from '../../lib/index.js';
import type { DeductionSchema } from './deduction.database.js';
import { DEDUCTION_DATABASE } from './tokens.js';

/**
 * One database transaction around a delivery: the framework's claim of the message and the handler's own statements are made in it, so
 * they commit together or not at all.
 */
@Injectable()
export class UnitOfWork implements IdempotencyTransaction {
  private readonly storage = new AsyncLocalStorage<Transaction<DeductionSchema>>();

  constructor(@Inject(DEDUCTION_DATABASE) private readonly database: Kysely<DeductionSchema>) {}

  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  run<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T> {
    return this.database.transaction().execute((transaction) => this.storage.run(transaction, () => work(kyselyExecutor(transaction))));
  }

  /** The transaction of the work that is running. @throws Error outside of {@link run} */
  current(): Transaction<DeductionSchema> {
    const transaction = this.storage.getStore();
    if (!transaction) throw new Error('no transaction is open here; call this inside UnitOfWork.run');
    return transaction;
  }
}
