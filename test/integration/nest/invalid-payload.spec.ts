import { Controller, ParseArrayPipe, ValidationPipe } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { IsInt, IsString } from 'class-validator';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketValidationPipe } from '../../../lib/nest/pipes/rocket-validation.pipe.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

class OrderDto {
  @IsInt()
  id!: number;

  @IsString()
  account!: string;
}

const handled: unknown[] = [];

@Controller()
class Orders {
  @RocketConsumer({ topic: 'orders', group: 'g' })
  handle(@Payload() order: OrderDto): void {
    handled.push(order);
  }
}

@Controller()
class PlainOrders {
  @EventPattern('orders')
  handle(@Payload(new RocketValidationPipe()) order: OrderDto): void {
    handled.push(order);
  }
}

@Controller()
class OrderBatches {
  @RocketConsumer({ topic: 'orders', group: 'g', batch: 8 })
  handle(@Payload(new ParseArrayPipe({ items: OrderDto })) orders: OrderDto[]): void {
    handled.push(orders);
  }
}

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  handled.length = 0;
});

it('makes a dead letter of a body that is not JSON, without calling the handler or trying again', async () => {
  const { app, cluster } = await startMicroservice({ controllers: [Orders] });
  close = () => app.close();
  cluster.put('orders', '{"id":');
  await eventually('the outcome', () => cluster.outcomes.length === 1);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'CONSUME_SUCCESS' });
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toMatch(/^the body cannot be read: .*JSON/);
  expect(handled).toEqual([]);
});

it('makes a dead letter of a payload that a ValidationPipe refuses, with what is wrong', async () => {
  const { app, cluster } = await startMicroservice({ controllers: [Orders], configure: (app) => app.useGlobalPipes(new ValidationPipe()) });
  close = () => app.close();
  cluster.put('orders', { id: 'seven', account: 'a' });
  await eventually('the outcome', () => cluster.outcomes.length === 1);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'CONSUME_SUCCESS' });
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toBe('the payload is invalid: id must be an integer number');
  expect(handled).toEqual([]);
});

it('does the same in a plain event handler with RocketValidationPipe', async () => {
  const { app, cluster } = await startMicroservice({ controllers: [PlainOrders] });
  close = () => app.close();
  cluster.put('orders', { id: 'seven', account: 'a' });
  await eventually('the dead letter', () => cluster.deadLetters('default-group').length === 1);
  expect(cluster.deadLetters('default-group')[0].properties['DLQ_REASON']).toBe('the payload is invalid: id must be an integer number');
  expect(handled).toEqual([]);
});

it('gives up only the invalid ones of a batch', async () => {
  const { app, cluster } = await startMicroservice({ controllers: [OrderBatches] });
  close = () => app.close();
  const [consumer] = cluster.consumers;
  consumer.suspend();
  cluster.put('orders', { id: 1, account: 'a' });
  cluster.put('orders', { id: 'two', account: 'a' });
  cluster.put('orders', 'three');
  cluster.put('orders', { id: 4, account: 'a' });
  consumer.resume();
  await eventually('the outcomes', () => cluster.outcomes.length === 4);
  expect(handled).toEqual([[{ id: 1, account: 'a' }], [{ id: 4, account: 'a' }]]);
  expect(cluster.deadLetters('g').map(({ body }) => body.toString())).toEqual(['three', '{"id":"two","account":"a"}']);
});
