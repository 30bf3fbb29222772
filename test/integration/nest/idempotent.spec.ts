import { Controller, type NestInterceptor } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { tap } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StaleClaimError } from '../../../lib/idempotency/errors.js';
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

it('tells interceptors further out whether a delivery was a duplicate', async () => {
  const duplicates: boolean[] = [];
  const watch: NestInterceptor = {
    intercept: (execution, next) => next.handle().pipe(tap(() => duplicates.push(execution.switchToRpc().getContext<RocketContext>().isDuplicate))),
  };
  const { app, cluster } = await startMicroservice({
    controllers: [Deduction],
    rocket: { idempotency: { store } },
    configure: (app) => app.useGlobalInterceptors(watch),
  });
  close = () => app.close();
  cluster.put('order-paid', { orderId: 'o6', amount: 5 });
  await eventually('the first', () => duplicates.length === 1);
  cluster.put('order-paid', { orderId: 'o6', amount: 5 });
  await eventually('the second', () => duplicates.length === 2);
  expect(duplicates).toEqual([false, true]);
});

it.each(['before', 'after'])('tells a handler by its signal that it lost the claim, also when the signal was asked for %s', async (when) => {
  const reasons: unknown[] = [];
  const early: NestInterceptor = {
    intercept: (execution, next) => {
      if (when === 'before') expect(execution.switchToRpc().getContext<RocketContext>().signal.aborted).toBe(false);
      return next.handle();
    },
  };
  @Controller()
  class Slow {
    @RocketConsumer({ topic: 'slow', group: 'slow', maxReconsumeTimes: 0 })
    @Idempotent({ key: 'id', leaseMs: 30 })
    async handle(_: unknown, @Ctx() { signal, claim }: RocketContext): Promise<void> {
      if (claim !== undefined) await store.forget(claim.scope, claim.key);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      reasons.push(signal.reason);
    }
  }
  const { app, cluster } = await startMicroservice({ controllers: [Slow], rocket: { idempotency: { store } }, configure: (app) => app.useGlobalInterceptors(early) });
  close = () => app.close();
  cluster.put('slow', { id: 1 });
  await eventually('the signal', () => reasons.length === 1);
  expect(reasons[0]).toBeInstanceOf(StaleClaimError);
});

it('clears expired keys away while the application runs, not longer', async () => {
  let rounds = 0;
  const purgeExpired = store.purgeExpired.bind(store);
  store.purgeExpired = (limit) => (rounds++, purgeExpired(limit));
  const { app } = await startMicroservice({ controllers: [Deduction], rocket: { idempotency: { store, purgeEveryMs: 2 } } });
  await eventually('some rounds', () => rounds > 2);
  await app.close();
  const atTheEnd = rounds;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(rounds).toBe(atTheEnd);
});

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
