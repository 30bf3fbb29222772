import { Controller, Logger } from '@nestjs/common';
import { BaseRpcContext, ClientProxy } from '@nestjs/microservices';
import { afterEach, expect, it, vi } from 'vitest';
import type { RocketPushConsumer } from '../../../lib/client/types.js';
import type { ConsumeFailure } from '../../../lib/nest/consuming/group-consumer.js';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import { RocketMQServer } from '../../../lib/nest/transport/rocketmq.server.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice } from '../../support/nest/test-app.js';

let calls: unknown[] = [];
let failures: unknown[] = [];

@Controller()
class Orders {
  @RocketConsumer({ topic: 'orders', group: 'g' })
  handle(order: unknown): void {
    if (failures.length > 0) throw failures.shift();
    calls.push(order);
  }
}

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  vi.restoreAllMocks();
  calls = [];
  failures = [];
});

async function start() {
  const { app, cluster } = await startMicroservice({ controllers: [Orders], imports: [RocketMQModule.registerClient('CLIENT')] });
  close = () => app.close();
  return { app, cluster, server: app.get(RocketMQServer) };
}

it('pauses and resumes a group at run time', async () => {
  const { cluster, server } = await start();
  server.pause('g');
  cluster.put('orders', 1);
  expect(cluster.consumers[0].state).toBe('suspended');
  server.resume('g');
  await eventually('the message', () => calls.length === 1);
  expect(() => server.pause('h')).toThrow('no started consumer of group "h" on cluster "default"; there are: g');
});

it('gives the consumers to those who need more, and its status', async () => {
  const { app, cluster, server } = await start();
  expect(server.unwrap<Map<string, RocketPushConsumer>>().get('g')).toBe(cluster.consumers[0]);
  const seen: string[] = [];
  server.status.subscribe((status) => seen.push(status));
  await app.close();
  close = undefined;
  expect(seen).toEqual(['connected', 'draining', 'disconnected']);
});

it('tells observers of every failure, and survives those that throw', async () => {
  const { cluster, server } = await start();
  const seen: ConsumeFailure[] = [];
  server.on('failed', (failure) => {
    seen.push(failure);
    throw new Error('a bad observer');
  });
  failures = [new Error('first'), new DeadLetter('second')];
  cluster.put('orders', 1);
  await eventually('both failures', () => seen.length === 2);
  expect(seen.map(({ group, handler, decision, message }) => [group, handler, decision.kind, message.reconsumeTimes])).toEqual([
    ['g', 'Orders.handle', 'retry', 0],
    ['g', 'Orders.handle', 'deadLetter', 1],
  ]);
  await eventually('the acknowledgement', () => cluster.outcomes.length === 2);
});

it('runs processing hooks around handlers, and waits for the handler though a hook does not', async () => {
  const { cluster, server } = await start();
  const steps: string[] = [];
  server.setOnProcessingStartHook((_, context, done) => {
    steps.push(`start ${(context as RocketContext).topic}`);
    void done();
  });
  server.setOnProcessingEndHook(() => {
    steps.push(`end ${calls.length}`);
  });
  failures = [new Error('once')];
  cluster.put('orders', 1);
  await eventually('both deliveries', () => cluster.outcomes.length === 2);
  expect(steps).toEqual(['start orders', 'end 0', 'start orders', 'end 1']);
  expect(cluster.outcomes[0].outcome).toMatchObject({ status: 'RECONSUME_LATER' });
});

it('delivers again when a processing hook fails', async () => {
  const { cluster, server } = await start();
  let broken = true;
  server.setOnProcessingStartHook((_, __, done) => {
    if (broken) {
      broken = false;
      throw new Error('a bad hook');
    }
    return done();
  });
  cluster.put('orders', 1);
  await eventually('both deliveries', () => cluster.outcomes.length === 2);
  expect(cluster.outcomes[0].outcome).toMatchObject({ status: 'RECONSUME_LATER' });
  expect(calls).toEqual([1]);
});

it('awaits the handler when Nest tools call handleEvent, and fails for an unknown pattern', async () => {
  const { server } = await start();
  const context = new BaseRpcContext([]);
  await server.handleEvent('rocketmq:default:Orders.handle', { pattern: '', data: 5 }, context);
  expect(calls).toEqual([5]);
  failures = [new DeadLetter('no')];
  await expect(server.handleEvent('rocketmq:default:Orders.handle', { pattern: '', data: 5 }, context)).rejects.toThrow('no');
  await expect(server.handleEvent('nobody', { pattern: '', data: 5 }, context)).rejects.toMatchObject({ code: 'HANDLER_MISSING' });
});

it('logs the error of an emit that nobody subscribed to', async () => {
  const { app, cluster } = await start();
  const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  cluster.failSendsTo = /orders/;
  app.get<ClientProxy>('CLIENT').emit('orders', 1);
  await eventually('the log line', () => error.mock.calls.length === 1);
  expect(error.mock.calls[0][0]).toBe('emit("orders") failed and nobody subscribed to its result: the broker refuses orders');
});
