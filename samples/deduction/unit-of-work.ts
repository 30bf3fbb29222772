import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { DEDUCTION_DATABASE } from './tokens.js';
import type { DeductionSchema } from './deduction.database.js';

/** Carries one database transaction through everything that is called inside {@link run}. */
@Injectable()
export class UnitOfWork {
  private readonly storage = new AsyncLocalStorage<Transaction<DeductionSchema>>();

  constructor(@Inject(DEDUCTION_DATABASE) private readonly database: Kysely<DeductionSchema>) {}

  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.database.transaction().execute((transaction) => this.storage.run(transaction, work));
  }

  /** The transaction of the work that is running. @throws Error outside of {@link run} */
  current(): Transaction<DeductionSchema> {
    const transaction = this.storage.getStore();
    if (!transaction) throw new Error('no transaction is open here; call this inside UnitOfWork.run');
    return transaction;
  }
}
