import { Controller } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter, Drop, RetryLater, SuspendQueue } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import type { RocketConsumerOptions } from '../../../lib/nest/module/rocketmq-options.js';
import { eventually } from '../../support/eventually.js';
import type { FakeCluster } from '../../support/nest/fake-cluster.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** Throws the given errors one after another, then returns. */
async function consumerThrowing(errors: unknown[], options: Partial<RocketConsumerOptions> = {}): Promise<FakeCluster> {
  @Controller()
  class Handlers {
    @RocketConsumer({ topic: 'orders', group: 'g', ...options })
    handle(): void {
      if (errors.length > 0) throw errors.shift();
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Handlers] });
  close = () => app.close();
  return cluster;
}

async function outcomesOf(cluster: FakeCluster, count: number): Promise<unknown[]> {
  await eventually(`${count} outcomes`, () => cluster.outcomes.length >= count);
  return cluster.outcomes.map(({ outcome }) => outcome);
}

describe('of a concurrent consumer', () => {
  it('delivers again with the growing delay of the broker when the handler throws anything', async () => {
    const cluster = await consumerThrowing([new TypeError('boom')]);
    cluster.put('orders', {});
    expect(await outcomesOf(cluster, 2)).toEqual([{ status: 'RECONSUME_LATER', delayLevel: 0 }, { status: 'CONSUME_SUCCESS' }]);
  });

  it('rounds the delay of RetryLater up to a delay level', async () => {
    const cluster = await consumerThrowing([new RetryLater(6_000)]);
    cluster.put('orders', {});
    expect((await outcomesOf(cluster, 2))[0]).toEqual({ status: 'RECONSUME_LATER', delayLevel: 3 });
  });

  it('takes SuspendQueue for a delay, since there is no order to keep', async () => {
    const cluster = await consumerThrowing([new SuspendQueue(1_000)]);
    cluster.put('orders', {});
    expect((await outcomesOf(cluster, 2))[0]).toEqual({ status: 'RECONSUME_LATER', delayLevel: 1 });
  });

  it('acknowledges a dropped message without a dead letter', async () => {
    const cluster = await consumerThrowing([new Drop('of no interest')]);
    cluster.put('orders', {});
    expect(await outcomesOf(cluster, 1)).toEqual([{ status: 'CONSUME_SUCCESS' }]);
    expect(cluster.deadLetters('g')).toEqual([]);
  });

  it('dead-letters after the last redelivery, with the error and the count', async () => {
    const cluster = await consumerThrowing([new Error('one'), new Error('two'), new Error('three')], { maxReconsumeTimes: 2 });
    cluster.put('orders', { id: 1 });
    await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
    expect(cluster.deadLetters('g')[0].properties).toMatchObject({ DLQ_REASON: 'failed after 2 redeliveries: three', DLQ_RECONSUME_TIMES: '2', DLQ_ERROR: 'Error' });
    expect((await outcomesOf(cluster, 3))[2]).toEqual({ status: 'CONSUME_SUCCESS' });
  });
});

describe('of an orderly consumer', () => {
  it('pauses the queue for the time of SuspendQueue and offers the message again', async () => {
    const cluster = await consumerThrowing([new SuspendQueue(250)], { mode: 'ORDERLY' });
    cluster.put('orders', {});
    expect(await outcomesOf(cluster, 2)).toEqual([{ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: 250 }, { status: 'SUCCESS' }]);
  });

  it('never gives up by itself, since that would break the order', async () => {
    const cluster = await consumerThrowing(Array.from({ length: 40 }, () => new Error('still down')), { mode: 'ORDERLY' });
    cluster.put('orders', {});
    const outcomes = await outcomesOf(cluster, 41);
    expect(outcomes[39]).toMatchObject({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' });
    expect(outcomes[40]).toEqual({ status: 'SUCCESS' });
    expect(cluster.deadLetters('g')).toEqual([]);
  });
});

describe('a dead letter', () => {
  it('keeps body, tag, keys and own properties, and says why, where from and who gave up', async () => {
    const cluster = await consumerThrowing([new DeadLetter('account is closed', { cause: new Error('404') })]);
    const message = cluster.put('orders', { id: 1 }, { TAGS: 'paid', KEYS: 'order-1', tenant: 'acme', DELAY: '3', RETRY_TOPIC: 'x' });
    await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
    const [letter] = cluster.deadLetters('g');
    expect(letter.body.toString()).toBe('{"id":1}');
    expect(letter.properties).toMatchObject({
      TAGS: 'paid',
      KEYS: 'order-1',
      tenant: 'acme',
      DLQ_REASON: 'account is closed',
      DLQ_ORIGIN_TOPIC: 'orders',
      DLQ_ORIGIN_MESSAGE_ID: message.msgId,
      DLQ_ORIGIN_OFFSET_MESSAGE_ID: message.offsetMsgId,
      DLQ_ORIGIN_QUEUE: 'broker-a/0/0',
      DLQ_GROUP: 'g',
      DLQ_HANDLER: 'Handlers.handle',
      DLQ_RECONSUME_TIMES: '0',
    });
    expect(letter.properties['DLQ_STACK']).toContain('caused by: Error: 404');
    expect(letter.properties).not.toHaveProperty('DELAY');
    expect(letter.properties).not.toHaveProperty('RETRY_TOPIC');
    expect(await outcomesOf(cluster, 1)).toEqual([{ status: 'CONSUME_SUCCESS' }]);
  });

  it('leaves out the stack rather than exceed what properties may hold', async () => {
    const cluster = await consumerThrowing([new DeadLetter('too much')]);
    cluster.put('orders', {}, { blob: 'x'.repeat(29_500) });
    await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
    const { properties } = cluster.deadLetters('g')[0];
    expect(properties['DLQ_REASON']).toBe('too much');
    expect(properties).not.toHaveProperty('DLQ_STACK');
  });

  it('is left to the broker when it cannot be sent', async () => {
    const cluster = await consumerThrowing([new DeadLetter('no')]);
    cluster.failSendsTo = /^%DLQ%/;
    const message = cluster.put('orders', {});
    await eventually('the outcome', () => cluster.outcomes.length > 0);
    expect(cluster.outcomes[0]).toEqual({ group: 'g', msgId: message.msgId, outcome: { status: 'RECONSUME_LATER', delayLevel: -1 } });
  });
});
