import { ConflictException, Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { RocketTemplate } from '../../lib/index.js';
import type { OrderRow, OrderSchema } from './order.database.js';
import type { PlaceOrderDto } from './order.dto.js';
import { ORDER_PAID_TAG, ORDER_TOPIC, type OrderPaidEvent } from './order-paid.event.js';

/** Injection token of the order database. */
export const ORDER_DATABASE = Symbol('order database');

/** Period of the relay that announces orders whose first announcement failed, ms. */
const RELAY_PERIOD_MS = 1000;
const RELAY_BATCH = 100;
/** Orders younger than this may be on their way still; the relay leaves them alone, ms. */
const RELAY_MIN_AGE_MS = 5000;

/** An order as the API shows it. */
export interface OrderView {
  readonly orderId: string;
  readonly accountId: string;
  readonly amountCents: number;
  readonly status: OrderRow['status'];
  readonly messageId: string;
}

/**
 * Takes orders: saves the row first, then sends the message. When the broker cannot be reached (or this process dies in between)
 * the row stays ACCEPTED and the relay sends it later. The relay may send a message twice; the deduction service makes
 * that harmless.
 */
@Injectable()
export class OrderService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(OrderService.name);
  private relayTimer: NodeJS.Timeout | undefined;
  private relaying: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ORDER_DATABASE) private readonly database: Kysely<OrderSchema>,
    private readonly rocket: RocketTemplate,
  ) {}

  onApplicationBootstrap(): void {
    this.relayTimer = setInterval(() => {
      this.relaying = this.relaying.then(() => this.relay());
    }, RELAY_PERIOD_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.relayTimer);
    await this.relaying;
  }

  /** Saves and announces an order; `created` is false when it was there already. @throws ConflictException for another order under the same id */
  async place(request: PlaceOrderDto): Promise<{ order: OrderView; created: boolean }> {
    const row: OrderRow = {
      order_id: request.orderId,
      account_id: request.accountId,
      amount_cents: request.amountCents,
      status: 'ACCEPTED',
      message_id: '',
      accepted_at: Date.now(),
    };
    const inserted = await this.database
      .insertInto('orders')
      .values(row)
      .onConflict((conflict) => conflict.column('order_id').doNothing())
      .returning('order_id')
      .execute();
    if (inserted.length === 0) return { order: await this.existing(request), created: false };
    return { order: await this.announce(row), created: true };
  }

  /** The order with this id, if any. */
  async find(orderId: string): Promise<OrderView | undefined> {
    const row = await this.database.selectFrom('orders').selectAll().where('order_id', '=', orderId).executeTakeFirst();
    return row && view(row);
  }

  private async existing(request: PlaceOrderDto): Promise<OrderView> {
    const order = await this.find(request.orderId);
    if (!order || order.accountId !== request.accountId || order.amountCents !== request.amountCents) {
      throw new ConflictException(`order "${request.orderId}" exists with another account or amount; choose a new orderId for a new order`);
    }
    return order;
  }

  private async announce(row: OrderRow): Promise<OrderView> {
    const event: OrderPaidEvent = { orderId: row.order_id, accountId: row.account_id, amountCents: Number(row.amount_cents) };
    try {
      const sent = await this.rocket.send(ORDER_TOPIC, event, { tag: ORDER_PAID_TAG, keys: row.order_id, shardingKey: row.account_id });
      await this.database
        .updateTable('orders')
        .set({ status: 'ANNOUNCED', message_id: sent.msgId })
        .where('order_id', '=', row.order_id)
        .execute();
      return view({ ...row, status: 'ANNOUNCED', message_id: sent.msgId });
    } catch (error) {
      this.logger.warn(`order "${row.order_id}" is saved but not announced yet, the relay will try again: ${String(error)}`);
      return view(row);
    }
  }

  private async relay(): Promise<void> {
    try {
      const waiting = await this.database
        .selectFrom('orders')
        .selectAll()
        .where('status', '=', 'ACCEPTED')
        .where('accepted_at', '<', Date.now() - RELAY_MIN_AGE_MS)
        .limit(RELAY_BATCH)
        .execute();
      for (const row of waiting) await this.announce(row);
    } catch (error) {
      this.logger.error(`the relay could not read the waiting orders, it will try again: ${String(error)}`);
    }
  }
}

function view(row: OrderRow): OrderView {
  return {
    orderId: row.order_id,
    accountId: row.account_id,
    amountCents: Number(row.amount_cents),
    status: row.status,
    messageId: row.message_id,
  };
}
