import { Controller } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import type { RocketConsumerOptions } from '../../../lib/nest/module/rocketmq-options.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

it('subscribes once to the union of what the methods of a group want, and gives each its own', async () => {
  const calls: string[] = [];
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'g' })
    onPaid(): void {
      calls.push('paid');
    }

    @RocketConsumer({ topic: 'orders', tags: ['refunded', 'cancelled'], group: 'g' })
    onBack(): void {
      calls.push('back');
    }
  }
  @Controller()
  class Stock {
    @RocketConsumer({ topic: 'stock', group: 'g' })
    onStock(): void {
      calls.push('stock');
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders, Stock] });
  close = () => app.close();
  expect(cluster.consumers.map(({ options }) => options.group)).toEqual(['g']);
  expect(Object.fromEntries(cluster.consumers[0].subscriptions)).toEqual({
    orders: { type: 'TAG', expression: 'paid||refunded||cancelled' },
    stock: { type: 'TAG', expression: '*' },
  });
  for (const tag of ['cancelled', 'paid', 'refunded']) cluster.put('orders', {}, { TAGS: tag });
  cluster.put('stock', {});
  await eventually('all calls', () => calls.length === 4);
  expect(calls.sort()).toEqual(['back', 'back', 'paid', 'stock']);
});

it('brings a redelivered message, which shows its retry topic, to the same method', async () => {
  const calls: string[] = [];
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'g' })
    onPaid(): void {
      calls.push('paid');
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  const [consumer] = cluster.consumers;
  consumer.subscribe('%RETRY%g');
  cluster.put('%RETRY%g', {}, { TAGS: 'paid', RETRY_TOPIC: 'orders' });
  await eventually('the call', () => calls.length === 1);
});

it('delivers a message that no method takes again, and makes it a dead letter in the end: it is never acknowledged silently', async () => {
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'g', maxReconsumeTimes: 2 })
    onPaid(): void {
      throw new Error('not for me');
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.put('orders', {}, { TAGS: 'shipped' });
  await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
  expect(cluster.outcomes.map(({ outcome }) => (outcome as { status: string }).status)).toEqual(['RECONSUME_LATER', 'RECONSUME_LATER', 'CONSUME_SUCCESS']);
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toContain('no handler of group "g" takes topic "orders" with tag "shipped"');
});

describe('the start fails, naming both methods,', () => {
  const contradictions: [string, Partial<RocketConsumerOptions>, Partial<RocketConsumerOptions>, RegExp][] = [
    ['when both take the same tag', { tags: 'a||b' }, { tags: 'b||c' }, /both take tag "b" of topic "orders"/],
    ['when one takes all tags of the topic', {}, { tags: 'b' }, /both take all messages of topic "orders"/],
    ['when SQL would have to be combined with tags', { sql: 'a > 1' }, { tags: 'b' }, /SQL condition/],
    ['when modes differ', { topic: 'other', mode: 'ORDERLY' }, {}, /differ in "mode": ORDERLY and CONCURRENTLY/],
    ['when models differ', { topic: 'other', model: 'BROADCASTING' }, {}, /differ in "model"/],
    ['when redeliveries differ', { topic: 'other', maxReconsumeTimes: 1 }, { maxReconsumeTimes: 2 }, /differ in "maxReconsumeTimes": 1 and 2/],
    ['when one takes batches', { topic: 'other', batch: 8 }, {}, /give the batch handler a group of its own/],
  ];

  it.each(contradictions)('%s', async (_, first, second, expected) => {
    @Controller()
    class First {
      @RocketConsumer({ topic: 'orders', group: 'g', ...first })
      one(): void {}
    }
    @Controller()
    class Second {
      @RocketConsumer({ topic: 'orders', group: 'g', ...second })
      two(): void {}
    }
    const start = startMicroservice({ controllers: [First, Second] });
    await expect(start).rejects.toThrow(expected);
    await expect(start).rejects.toThrow(/First\.one and Second\.two \(group "g"\)/);
  });
});

it('accepts the same topic in two groups: both get every message', async () => {
  const calls: string[] = [];
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'mail' })
    mail(): void {
      calls.push('mail');
    }

    @RocketConsumer({ topic: 'orders', group: 'stock' })
    stock(): void {
      calls.push('stock');
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.put('orders', {});
  await eventually('both calls', () => calls.length === 2);
});
