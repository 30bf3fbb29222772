import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { afterEach, expect, it } from 'vitest';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('tells a handler by its signal when it ran too long, and delivers the message again', async () => {
  const reasons: unknown[] = [];
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'g', timeoutMs: 20 })
    async handle(@Ctx() { signal, reconsumeTimes }: RocketContext): Promise<void> {
      if (reconsumeTimes > 0) return;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      reasons.push(signal.reason);
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.put('orders', {});
  await eventually('the second delivery', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes.map(({ outcome }) => outcome)).toEqual([{ status: 'RECONSUME_LATER', delayLevel: 0 }, { status: 'CONSUME_SUCCESS' }]);
  expect(reasons[0]).toBeInstanceOf(RocketMqError);
  expect(reasons[0]).toMatchObject({ code: 'HANDLER_TIMEOUT', message: 'Orders.handle did not end within its timeoutMs of 20' });
});

it('waits at shutdown for a handler that did not heed its signal', async () => {
  const gate = new AbortController();
  let ended = false;
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'g', timeoutMs: 10, maxReconsumeTimes: 0 })
    async handle(): Promise<void> {
      await new Promise((resolve) => gate.signal.addEventListener('abort', resolve));
      ended = true;
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  cluster.put('orders', {});
  await eventually('the timeout', () => cluster.deadLetters('g').length === 1);
  const closing = app.close().then(() => ended);
  await eventually('the drain', () => cluster.journal.includes('consumer g closed'));
  gate.abort();
  expect(await closing).toBe(true);
});

it('passes on the signal of the consumer, e.g. when shutdown no longer waits', async () => {
  let seen: AbortSignal | undefined;
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'g' })
    async handle(@Ctx() { signal }: RocketContext): Promise<void> {
      seen = signal;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders], rocket: { consumer: { shutdownTimeoutMs: 20 } } });
  cluster.put('orders', {});
  await eventually('the running handler', () => seen);
  await app.close();
  expect(seen?.aborted).toBe(true);
});
