import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { eventually } from '../../support/eventually.js';
import { startOnBroker } from '../../support/nest/test-app.js';
import { startOurBroker, type OurBroker } from '../../support/our-broker.js';

const MESSAGES = 600;
const handled: { by: string; id: number }[] = [];
let running = 0;
let cutOff = 0;
const closed = new Set<string>();

@Controller()
class Orders {
  constructor(@Inject('NAME') private readonly name: string) {}

  @RocketConsumer({ topic: 'orders', group: 'redeploy', concurrency: 8 })
  async handle(@Payload() { id }: { id: number }): Promise<void> {
    running++;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (closed.has(this.name)) cutOff++;
    handled.push({ by: this.name, id });
    running--;
  }
}

let broker: OurBroker;
beforeAll(async () => {
  broker = await startOurBroker();
});
afterAll(() => broker?.stop());

const start = (name: string) => startOnBroker(broker.nameServer, { controllers: [Orders], providers: [{ provide: 'NAME', useValue: name }] });

it('loses nothing, and repeats next to nothing, when instances are replaced under load', async () => {
  const first = await start('first');
  const rocket = first.get(RocketTemplate);
  for (let id = 0; id < MESSAGES / 2; id++) await rocket.send('orders', { id });
  await eventually('the first to be busy', () => handled.length > 20 && running > 0);

  const second = await start('second');
  const sender = second.get(RocketTemplate);
  const sending = (async () => {
    for (let id = MESSAGES / 2; id < MESSAGES; id++) await sender.send('orders', { id });
  })();
  await first.close();
  closed.add('first');
  await sending;
  await eventually('all messages', () => new Set(handled.map(({ id }) => id)).size === MESSAGES);

  await second.close();
  closed.add('second');
  expect(running).toBe(0);
  expect(cutOff).toBe(0);
  expect(new Set(handled.map(({ by }) => by))).toEqual(new Set(['first', 'second']));
  // A queue that moves between live members may bring a few messages again; a drained one brings none.
  expect(handled.length - MESSAGES).toBeLessThanOrEqual(16);
});
