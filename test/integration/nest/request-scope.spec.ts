import { Controller, Injectable, Scope } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let instances = 0;
const handled: [number, number][] = [];

@Injectable({ scope: Scope.REQUEST })
class PerMessage {
  readonly number = ++instances;
}

@Controller()
class Orders {
  constructor(private readonly perMessage: PerMessage) {}

  @RocketConsumer({ topic: 'orders', group: 'g' })
  handle(@Payload() order: { id: number }): void {
    if (order.id < 0) throw new DeadLetter('negative');
    handled.push([order.id, this.perMessage.number]);
  }
}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('makes request-scoped providers anew for each message, and decides by what the handler threw', async () => {
  const { app, cluster } = await startMicroservice({ controllers: [Orders], providers: [PerMessage] });
  close = () => app.close();
  cluster.put('orders', { id: 1 });
  cluster.put('orders', { id: 2 });
  cluster.put('orders', { id: -1 });
  await eventually('the outcomes', () => cluster.outcomes.length === 3);
  expect(handled.map(([id]) => id)).toEqual([1, 2]);
  expect(handled[0][1]).not.toBe(handled[1][1]);
  expect(cluster.deadLetters('g')).toHaveLength(1);
});
