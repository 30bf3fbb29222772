import { Controller, Injectable } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { Idempotent } from '../../../lib/nest/decorators/idempotent.decorator.js';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

interface Order {
  readonly orderId: string;
  readonly amount: number;
}

let debits: Order[] = [];
let contexts: RocketContext[] = [];
let failures: unknown[] = [];

@Injectable()
@Controller()
class Deduction {
  @RocketConsumer({ topic: 'order-paid', group: 'deduction' })
  @Idempotent<Order>({ key: ({ orderId }) => orderId, leaseMs: 5_000 })
  deduct(@Payload() order: Order, @Ctx() context: RocketContext): void {
    contexts.push(context);
    if (failures.length > 0) throw failures.shift();
    debits.push(order);
  }

  @RocketConsumer({ topic: 'quote', group: 'quotes', reply: true })
  @Idempotent({ key: 'orderId' })
  quote(@Payload() order: Order): { total: number } {
    debits.push(order);
    return { total: order.amount * debits.length };
  }
}

let store: MemoryIdempotencyStore;
let close: (() => Promise<void>) | undefined;
beforeEach(() => {
  store = new MemoryIdempotencyStore();
  debits = [];
  contexts = [];
  failures = [];
});
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function start() {
  const { app, cluster } = await startMicroservice({ controllers: [Deduction], rocket: { idempotency: { store } } });
  close = () => app.close();
  return { app, cluster };
}

const acknowledged = { status: 'CONSUME_SUCCESS' };

it('acknowledges a duplicate without calling the handler, whatever the order of its fields', async () => {
  const { cluster } = await start();
  cluster.put('order-paid', { orderId: 'o1', amount: 5 });
  await eventually('the first', () => cluster.outcomes.length === 1);
  cluster.put('order-paid', { amount: 5, orderId: 'o1' });
  await eventually('the second', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes.map(({ outcome }) => outcome)).toEqual([acknowledged, acknowledged]);
  expect(debits).toEqual([{ orderId: 'o1', amount: 5 }]);
  expect(contexts[0].claim).toMatchObject({ scope: 'deduction/Deduction.deduct', key: 'o1', token: expect.any(Number) as number });
});

it('replays the recorded result to callers', async () => {
  const { app } = await start();
  const template = app.get(RocketTemplate);
  const order = { orderId: 'q1', amount: 3 };
  expect(await template.request('quote', order)).toEqual({ total: 3 });
  expect(await template.request('quote', order)).toEqual({ total: 3 });
  expect(debits).toHaveLength(1);
});

it('frees the key when the handler fails, and keeps the outcome it chose', async () => {
  const { cluster } = await start();
  failures = [new Error('database down'), new DeadLetter('account closed')];
  cluster.put('order-paid', { orderId: 'o2', amount: 1 });
  await eventually('the end', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes.map(({ outcome }) => outcome)).toEqual([{ status: 'RECONSUME_LATER', delayLevel: 0 }, acknowledged]);
  expect(cluster.deadLetters('deduction')[0].properties['DLQ_REASON']).toBe('account closed');
  expect(await store.find('deduction/Deduction.deduct', 'o2')).toMatchObject({ state: 'released' });
});

it('delivers again when the other holder must be done while the key is in progress elsewhere', async () => {
  const { cluster } = await start();
  const elsewhere = await store.claim({ scope: 'deduction/Deduction.deduct', key: 'o3', owner: 'another process', leaseMs: 8_000 });
  cluster.consumers.find(({ options }) => options.group === 'deduction')?.suspend();
  cluster.put('order-paid', { orderId: 'o3', amount: 1 });
  const consumer = cluster.consumers.find(({ options }) => options.group === 'deduction');
  consumer?.resume();
  await eventually('the refusal', () => cluster.outcomes.length > 0);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'RECONSUME_LATER', delayLevel: 3 });
  if (elsewhere.state === 'acquired') await store.complete(elsewhere.claim);
  await eventually('the acknowledgement', () => cluster.outcomes.some(({ outcome }) => (outcome as { status: string }).status === 'CONSUME_SUCCESS'));
  expect(debits).toEqual([]);
  expect(cluster.deadLetters('deduction')).toEqual([]);
});

describe('makes a dead letter', () => {
  it('of a message without the key', async () => {
    const { cluster } = await start();
    cluster.put('order-paid', { amount: 5 });
    await eventually('the dead letter', () => cluster.deadLetters('deduction').length === 1);
    expect(cluster.deadLetters('deduction')[0].properties['DLQ_REASON']).toContain('no idempotency key');
  });

  it('of a known key with another payload', async () => {
    const { cluster } = await start();
    cluster.put('order-paid', { orderId: 'o4', amount: 5 });
    await eventually('the first', () => debits.length === 1);
    cluster.put('order-paid', { orderId: 'o4', amount: 6 });
    await eventually('the dead letter', () => cluster.deadLetters('deduction').length === 1);
    expect(cluster.deadLetters('deduction')[0].properties['DLQ_REASON']).toContain('used before with another payload');
    expect(debits).toHaveLength(1);
  });
});

it('stops the start when there is no store, naming the handler', async () => {
  await expect(startMicroservice({ controllers: [Deduction] })).rejects.toThrow(/Deduction\.deduct: @Idempotent: there is no store/);
});

it('opens a store that is given as a function, and closes it last', async () => {
  let closed = false;
  const open = async () => Object.assign(store, { close: async () => void (closed = true) });
  const { app, cluster } = await startMicroservice({ controllers: [Deduction], rocket: { idempotency: { store: open } } });
  cluster.put('order-paid', { orderId: 'o5', amount: 1 });
  await eventually('the debit', () => debits.length === 1);
  expect(closed).toBe(false);
  await app.close();
  expect(closed).toBe(true);
});
