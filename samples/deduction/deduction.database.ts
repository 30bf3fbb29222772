import { type Kysely, sql } from 'kysely';

/** An account with what is left on it. */
export interface AccountRow {
  account_id: string;
  balance_cents: number;
}

/**
 * One row per debit that was made. On purpose there is no unique key on `order_id`: were the idempotency to fail, two rows of one order would
 * show it.
 */
export interface DebitRow {
  order_id: string;
  account_id: string;
  amount_cents: number;
}

/** What became of one delivery of a message. */
export type DeliveryOutcome = 'done' | 'duplicate' | 'failed';

/** One row per delivery of a message to this service; tells the story of the demonstration, decides nothing. */
export interface DeliveryRow {
  message_id: string;
  /** Broker, queue and offset: the same for a redelivery after a crash, another one for a resend. */
  position: string;
  reconsume_times: number;
  outcome: DeliveryOutcome;
}

/** Tables of the deduction service; the framework's log table stands beside them. */
export interface DeductionSchema {
  accounts: AccountRow;
  debits: DebitRow;
  deliveries: DeliveryRow;
}

/** Creates the tables when missing. */
export async function createDeductionTables(database: Kysely<DeductionSchema>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS accounts (
      account_id    varchar(64) PRIMARY KEY,
      balance_cents bigint      NOT NULL
    )`.execute(database);
  await sql`
    CREATE TABLE IF NOT EXISTS debits (
      order_id     varchar(64) NOT NULL,
      account_id   varchar(64) NOT NULL,
      amount_cents bigint      NOT NULL
    )`.execute(database);
  await sql`
    CREATE TABLE IF NOT EXISTS deliveries (
      message_id      varchar(64)  NOT NULL,
      position        varchar(128) NOT NULL,
      reconsume_times integer      NOT NULL,
      outcome         varchar(16)  NOT NULL
    )`.execute(database);
}
