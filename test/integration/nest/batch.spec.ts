import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketMessages } from '../../../lib/nest/decorators/message-params.decorator.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import type { MessageExt } from '../../../lib/protocol/message/message.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let batches: { orders: number[]; ids: string[]; isBatch: boolean }[] = [];
let failures = 0;

@Controller()
class Orders {
  @RocketConsumer({ topic: 'orders', group: 'g', batch: 3 })
  handle(@Payload() orders: number[], @RocketMessages() messages: MessageExt[], @Ctx() { isBatch }: RocketContext): void {
    if (failures-- > 0) throw new Error('busy');
    batches.push({ orders, ids: messages.map(({ msgId }) => msgId), isBatch });
  }
}

let close: (() => Promise<void>) | undefined;
beforeEach(() => {
  batches = [];
  failures = 0;
});
afterEach(() => close?.());

async function startWith(bodies: unknown[]) {
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.consumers[0].suspend();
  for (const body of bodies) cluster.put('orders', body);
  cluster.consumers[0].resume();
  return cluster;
}

it('gives payloads and messages as arrays, also when there is but one', async () => {
  const cluster = await startWith([1, 2, 3, 4]);
  await eventually('all', () => cluster.outcomes.length === 4);
  expect(cluster.consumers[0].options.consumeMessageBatchMaxSize).toBe(3);
  expect(batches).toEqual([
    { orders: [1, 2, 3], ids: ['M0', 'M1', 'M2'], isBatch: true },
    { orders: [4], ids: ['M3'], isBatch: true },
  ]);
});

it('delivers the whole batch again when the handler fails', async () => {
  failures = 1;
  const cluster = await startWith([1, 2]);
  await eventually('all', () => cluster.outcomes.length === 4);
  expect(batches.map(({ orders }) => orders)).toEqual([[1, 2]]);
});
