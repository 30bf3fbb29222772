import { type Kysely, sql } from 'kysely';

/** ACCEPTED: saved, message not yet stored by a broker. ANNOUNCED: a broker has the message. */
export type OrderStatus = 'ACCEPTED' | 'ANNOUNCED';

/** One row per order; the primary key is what makes a repeated POST harmless. */
export interface OrderRow {
  order_id: string;
  account_id: string;
  amount_cents: number;
  status: OrderStatus;
  /** Unique key of the stored message; empty until announced. */
  message_id: string;
  /** When the row was saved, ms since the epoch. */
  accepted_at: number;
}

/** Tables of the order service. */
export interface OrderSchema {
  orders: OrderRow;
}

/** Creates the tables when missing. */
export async function createOrderTables(database: Kysely<OrderSchema>): Promise<void> {
  await sql`
    CREATE TABLE IF NOT EXISTS orders (
      order_id     varchar(64) PRIMARY KEY,
      account_id   varchar(64) NOT NULL,
      amount_cents bigint      NOT NULL,
      status       varchar(16) NOT NULL,
      message_id   varchar(64) NOT NULL,
      accepted_at  bigint      NOT NULL
    )`.execute(database);
  await sql`CREATE INDEX IF NOT EXISTS orders_by_status ON orders (status)`.execute(database);
}
