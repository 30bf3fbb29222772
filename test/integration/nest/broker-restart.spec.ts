import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { eventually } from '../../support/eventually.js';
import { startOnBroker } from '../../support/nest/test-app.js';
import { startOurBroker, type OurBroker } from '../../support/our-broker.js';

let handled: number[] = [];

@Controller()
class Orders {
  @RocketConsumer({ topic: 'orders', group: 'g' })
  handle(@Payload() { id }: { id: number }): void {
    handled.push(id);
  }
}

let directory: string;
let broker: OurBroker | undefined;
beforeEach(() => {
  handled = [];
  directory = mkdtempSync(join(tmpdir(), 'restart-'));
});
afterEach(async () => {
  await broker?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const portOf = (address: string): number => Number(address.split(':')[1]);

async function restart(): Promise<void> {
  const { nameServer, brokerAddress } = broker as OurBroker;
  broker = await startOurBroker({ directory, broker: { listenPort: portOf(brokerAddress) }, nameServer: { listenPort: portOf(nameServer) } });
}

it('starts while no broker is there, and consumes when one comes', async () => {
  broker = await startOurBroker({ directory });
  const address = broker.nameServer;
  await broker.stop();
  const app = await startOnBroker(address, { controllers: [Orders] });
  try {
    await restart();
    const rocket = app.get(RocketTemplate);
    await eventually('a send to succeed', () => rocket.send('orders', { id: 1 }).then(() => true));
    await eventually('the message', () => handled.includes(1));
  } finally {
    await app.close();
  }
});

it('consumes again after the broker was restarted, without losing or repeating a message', async () => {
  broker = await startOurBroker({ directory });
  const app = await startOnBroker(broker.nameServer, { controllers: [Orders], rocket: { consumer: { persistConsumerOffsetIntervalMs: 50 } as never } });
  try {
    const rocket = app.get(RocketTemplate);
    await rocket.send('orders', { id: 1 });
    await eventually('the first', () => handled.length === 1);
    await broker.stop();
    await restart();
    await eventually('a send to succeed', () => rocket.send('orders', { id: 2 }).then(() => true));
    await eventually('the second', () => handled.includes(2));
    expect(handled.filter((id) => id === 1)).toEqual([1]);
  } finally {
    await app.close();
  }
});
