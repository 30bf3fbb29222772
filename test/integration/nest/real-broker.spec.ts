import { Controller, ValidationPipe } from '@nestjs/common';
import { ClientProxy, Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { IsInt } from 'class-validator';
import { firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { PullConsumer } from '../../../lib/client/consumer/pull-consumer.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { Idempotent } from '../../../lib/nest/decorators/idempotent.decorator.js';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter, RetryLater, SuspendQueue } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import type { MessageExt } from '../../../lib/protocol/message/message.js';
import { eventually } from '../../support/eventually.js';
import { startOnBroker } from '../../support/nest/test-app.js';
import { startOurBroker, type OurBroker } from '../../support/our-broker.js';

class OrderDto {
  @IsInt()
  id!: number;
}

let log: { handler: string; id: number; reconsumeTimes: number }[] = [];
const note = (context: RocketContext, order: OrderDto): void => {
  log.push({ handler: context.handler.split('.')[1], id: order.id, reconsumeTimes: context.reconsumeTimes });
};

@Controller()
class Handlers {
  @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'orders-group' })
  paid(@Payload() order: OrderDto, @Ctx() context: RocketContext): void {
    note(context, order);
  }

  @RocketConsumer({ topic: 'orders', tags: 'retry', group: 'orders-group' })
  retry(@Payload() order: OrderDto, @Ctx() context: RocketContext): void {
    note(context, order);
    if (context.reconsumeTimes === 0) throw new RetryLater(500);
  }

  @RocketConsumer({ topic: 'orders', tags: 'dead', group: 'orders-group' })
  dead(): void {
    throw new DeadLetter('never');
  }

  @RocketConsumer({ topic: 'steps', group: 'steps-group', mode: 'ORDERLY' })
  step(@Payload() order: OrderDto, @Ctx() context: RocketContext): void {
    note(context, order);
    if (order.id === 3 && context.reconsumeTimes === 0) throw new SuspendQueue(50);
  }

  @RocketConsumer({ topic: 'debits', group: 'debits-group' })
  @Idempotent({ key: 'id' })
  debit(@Payload() order: OrderDto, @Ctx() context: RocketContext): void {
    note(context, order);
  }

  @MessagePattern('square')
  square(@Payload() { id }: OrderDto): number {
    return id * id;
  }
}

let broker: OurBroker;
let rocket: RocketTemplate;
let client: ClientProxy;
let close: () => Promise<void>;

beforeAll(async () => {
  broker = await startOurBroker();
  const app = await startOnBroker(broker.nameServer, {
    controllers: [Handlers],
    imports: [RocketMQModule.registerClient('CLIENT')],
    rocket: { idempotency: { store: new MemoryIdempotencyStore() } },
    configure: (app) => app.useGlobalPipes(new ValidationPipe()),
  });
  rocket = app.get(RocketTemplate);
  client = app.get<ClientProxy>('CLIENT');
  close = () => app.close();
});
afterAll(async () => {
  await close?.();
  await broker?.stop();
});
beforeEach(() => {
  log = [];
});

let pull: PullConsumer | undefined;
afterEach(async () => {
  await pull?.shutdown();
  pull = undefined;
});

async function deadLetters(group: string): Promise<MessageExt[]> {
  pull ??= new PullConsumer({ nameServers: broker.nameServer, group: 'dead-letter-reader' });
  await pull.start();
  const found: MessageExt[] = [];
  for (const queue of await pull.queuesOf(`%DLQ%${group}`)) found.push(...(await pull.pull(queue, 0)).messages);
  return found;
}

it('sends to a handler by tag', async () => {
  const sent = await rocket.send('orders:paid', { id: 1 }, { keys: 'order-1' });
  expect(sent).toMatchObject({ sendStatus: 'SEND_OK', messageQueue: { topic: 'orders', brokerName: 'broker-a' } });
  await eventually('the message', () => log.length === 1);
  expect(log).toEqual([{ handler: 'paid', id: 1, reconsumeTimes: 0 }]);
});

it('gets a message again through the retry topic, in the same handler', async () => {
  await rocket.send('orders:retry', { id: 2 });
  await eventually('both deliveries', () => log.length === 2);
  expect(log).toEqual([
    { handler: 'retry', id: 2, reconsumeTimes: 0 },
    { handler: 'retry', id: 2, reconsumeTimes: 1 },
  ]);
});

it('leaves dead letters with their reasons in the dead-letter topic of the group', async () => {
  await rocket.send('orders:dead', { id: 3 }, { keys: 'order-3', properties: { tenant: 'acme' } });
  await rocket.send('orders:paid', { id: 'not a number' });
  const letters = await eventually('both letters', async () => {
    const found = await deadLetters('orders-group');
    return found.length === 2 ? found : undefined;
  });
  const facts = letters.map(({ properties, body }) => [properties['DLQ_REASON'], properties['KEYS'], properties['tenant'], properties['DLQ_ORIGIN_TOPIC'], body.toString()]);
  expect(facts.sort()).toEqual([
    ['never', 'order-3', 'acme', 'orders', '{"id":3}'],
    ['the payload is invalid: id must be an integer number', undefined, undefined, 'orders', '{"id":"not a number"}'],
  ]);
});

it('keeps the order of a sharding key, also through a suspended queue', async () => {
  for (let id = 1; id <= 5; id++) await rocket.send('steps', { id }, { shardingKey: 'account-1' });
  await eventually('all steps', () => log.length === 6);
  expect(log.map(({ id }) => id)).toEqual([1, 2, 3, 3, 4, 5]);
  expect(log[3].reconsumeTimes).toBe(1);
});

it('handles a key once, however often it is sent', async () => {
  for (let i = 0; i < 3; i++) await rocket.send('debits', { id: 7 });
  await rocket.send('debits', { id: 8 });
  await eventually('both keys', () => log.length === 2);
  await eventually('all four acknowledged', async () => (await consumedOf('debits-group')) === 4);
  expect(log.map(({ id }) => id).sort()).toEqual([7, 8]);
});

/** Messages that a group has acknowledged, by its committed offsets. */
async function consumedOf(group: string): Promise<number> {
  const reader = new PullConsumer({ nameServers: broker.nameServer, group });
  await reader.start();
  try {
    let sum = 0;
    for (const queue of await reader.queuesOf('debits')) sum += Math.max(0, await reader.committedOffset(queue));
    return sum;
  } finally {
    await reader.shutdown();
  }
}

it('answers requests', async () => {
  expect(await rocket.request('square', { id: 6 })).toBe(36);
  expect(await firstValueFrom(client.send('square', { id: 7 }))).toBe(49);
});

it('delivers after the delay of a level', async () => {
  const before = Date.now();
  await rocket.send('orders:paid', { id: 9 }, { delayLevel: 1 });
  await eventually('the message', () => log.length === 1);
  expect(Date.now() - before).toBeGreaterThanOrEqual(990);
});
