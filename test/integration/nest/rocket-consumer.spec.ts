import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketKeys, RocketMessage, RocketProperty } from '../../../lib/nest/decorators/message-params.decorator.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import type { MessageExt } from '../../../lib/protocol/message/message.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('hands a handler the decoded payload, and message, keys, properties and context by name', async () => {
  const calls: unknown[][] = [];

  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'deduction' })
    onPaid(
      @Payload() order: { id: number },
      @Ctx() context: RocketContext,
      @RocketMessage() message: MessageExt,
      @RocketKeys() keys: string[],
      @RocketProperty('tenant') tenant: string,
    ): void {
      calls.push([order, context, message, keys, tenant]);
    }
  }

  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.put('orders', { id: 7 }, { TAGS: 'paid', KEYS: 'order-7 account-1', tenant: 'acme' });

  await eventually('the call', () => calls.length === 1);
  const [order, context, message, keys, tenant] = calls[0] as [unknown, RocketContext, MessageExt, string[], string];
  expect(order).toEqual({ id: 7 });
  expect(message.topic).toBe('orders');
  expect(keys).toEqual(['order-7', 'account-1']);
  expect(tenant).toBe('acme');
  expect(context).toMatchObject({ topic: 'orders', tag: 'paid', group: 'deduction', reconsumeTimes: 0, isLastAttempt: false, handler: 'Orders.onPaid' });
  expect(context.queue).toEqual({ topic: 'orders', brokerName: 'broker-a', queueId: 0 });
  expect(context.signal.aborted).toBe(false);
  await eventually('the acknowledgement', () => cluster.outcomes.length === 1);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'CONSUME_SUCCESS' });
});
