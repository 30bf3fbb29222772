import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { OrderPaidEvent } from '../order/order-paid.event.js';
import type { AccountRow, DeductionSchema } from './deduction.database.js';
import { DEDUCTION_DATABASE } from './tokens.js';
import { UnitOfWork } from './unit-of-work.js';

/** Counters of the service, from its tables. */
export interface DeductionStats {
  /** Deliveries of messages to the handler, of any outcome. */
  readonly received: number;
  /** Deliveries of a position that was delivered before, or of a message on its retry. */
  readonly redelivered: number;
  /** Deliveries answered from the log table without running the handler. */
  readonly duplicates: number;
  /** Debits made. */
  readonly debits: number;
}

/** Accounts and their debits. */
@Injectable()
export class AccountService {
  constructor(
    @Inject(DEDUCTION_DATABASE) private readonly database: Kysely<DeductionSchema>,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Opens an account; an existing one keeps its balance. */
  async open(accountId: string, balanceCents: number): Promise<AccountRow> {
    await this.database
      .insertInto('accounts')
      .values({ account_id: accountId, balance_cents: balanceCents })
      .onConflict((conflict) => conflict.column('account_id').doNothing())
      .execute();
    return this.balance(accountId);
  }

  /** @throws NotFoundException when there is no such account */
  async balance(accountId: string): Promise<AccountRow> {
    const row = await this.database.selectFrom('accounts').selectAll().where('account_id', '=', accountId).executeTakeFirst();
    if (!row) throw new NotFoundException(`there is no account "${accountId}"`);
    return row;
  }

  /** All accounts by name. */
  async list(): Promise<AccountRow[]> {
    return this.database.selectFrom('accounts').selectAll().orderBy('account_id').execute();
  }

  /**
   * Takes the amount off the account and records the debit, in the transaction the message's claim was inserted in: they commit together or not
   * at all. Knows nothing of duplicates; they do not get here.
   * @throws NotFoundException when there is no such account
   */
  async debit(order: OrderPaidEvent): Promise<void> {
    const transaction = this.unitOfWork.current();
    const updated = await transaction
      .updateTable('accounts')
      .set((row) => ({ balance_cents: row('balance_cents', '-', order.amountCents) }))
      .where('account_id', '=', order.accountId)
      .executeTakeFirst();
    if (updated.numUpdatedRows !== 1n) throw new NotFoundException(`there is no account "${order.accountId}" to debit`);
    await transaction
      .insertInto('debits')
      .values({ order_id: order.orderId, account_id: order.accountId, amount_cents: order.amountCents })
      .execute();
  }

  /** Counts of what happened so far. */
  async stats(): Promise<DeductionStats> {
    const count = async (query: { execute(): Promise<{ n: unknown }[]> }): Promise<number> => Number((await query.execute())[0].n);
    const deliveries = this.database.selectFrom('deliveries').select((all) => all.fn.countAll().as('n'));
    const positions = this.database.selectFrom('deliveries').select((all) => all.fn.count('position').distinct().as('n'));
    const received = await count(deliveries);
    return {
      received,
      redelivered: received - (await count(positions)) + (await count(deliveries.where('reconsume_times', '>', 0))),
      duplicates: await count(deliveries.where('outcome', '=', 'duplicate')),
      debits: await count(this.database.selectFrom('debits').select((all) => all.fn.countAll().as('n'))),
    };
  }
}
