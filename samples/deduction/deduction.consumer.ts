import { Controller, Inject, UseInterceptors } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Idempotent, RetryLater, RocketConsumer, RocketContext } from '../../lib/index.js';
import { ORDER_PAID_TAG, ORDER_TOPIC, OrderPaidEvent } from '../order/order-paid.event.js';
import { AccountService } from './account.service.js';
import { DeliveryJournal } from './delivery-journal.interceptor.js';
import { FAIL_FIRST_ORDER } from './tokens.js';
import { UnitOfWork } from './unit-of-work.js';

/** Pause before an order whose debit failed is tried again, ms. */
const RETRY_AFTER_MS = 1000;

/** Turns every paid order into exactly one debit, however often its message is delivered. */
@Controller()
@UseInterceptors(DeliveryJournal)
export class DeductionConsumer {
  constructor(
    private readonly accounts: AccountService,
    @Inject(FAIL_FIRST_ORDER) private readonly failFirstOrder: string,
  ) {}

  @RocketConsumer({ topic: ORDER_TOPIC, tags: ORDER_PAID_TAG, group: 'deduction', from: 'CONSUME_FROM_FIRST_OFFSET', concurrency: 16 })
  @Idempotent<OrderPaidEvent>({ key: 'orderId', transaction: UnitOfWork })
  async deduct(@Payload() order: OrderPaidEvent, @Ctx() context: RocketContext): Promise<void> {
    await this.accounts.debit(order);
    if (order.orderId === this.failFirstOrder && context.reconsumeTimes === 0) {
      // The debit above is rolled back with the claim; the message comes again.
      throw new RetryLater(RETRY_AFTER_MS, { reason: 'the demonstration lets this order fail once' });
    }
  }
}
