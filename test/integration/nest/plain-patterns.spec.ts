import { Catch, Controller, Inject, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { ClientProxy, ClientsModule, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { firstValueFrom, throwError, type Observable } from 'rxjs';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RemoteHandlerError } from '../../../lib/nest/exceptions/remote-handler.exception.js';
import { RetryLater } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { RocketRecordBuilder } from '../../../lib/nest/producer/rocket-record.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { RocketMQClientProxy } from '../../../lib/nest/transport/rocketmq.client-proxy.js';
import { eventually } from '../../support/eventually.js';
import { FakeCluster } from '../../support/nest/fake-cluster.js';
import { startMicroservice } from '../../support/nest/test-app.js';

const events: unknown[] = [];
let attempts = 0;

@Catch()
class CarelessFilter implements ExceptionFilter {
  catch = (error: Error): Observable<never> => throwError(() => error);
}

@Controller()
class Handlers {
  @EventPattern('orders:paid')
  onPaid(order: unknown): void {
    events.push(order);
  }

  @MessagePattern('sum')
  sum(@Payload() numbers: number[]): number {
    return numbers.reduce((total, next) => total + next, 0);
  }

  @MessagePattern('refuse')
  refuse(): never {
    throw new RpcException({ status: 'error', message: 'no credit', code: 42 });
  }

  @MessagePattern('crash')
  crash(): never {
    throw new TypeError('secret detail');
  }

  @UseFilters(new CarelessFilter())
  @MessagePattern('careless')
  careless(): never {
    throw new Error('secret detail');
  }

  @MessagePattern('nothing')
  nothing(): void {}

  @RocketConsumer({ topic: 'busy', group: 'rpc', reply: true })
  busy(): number {
    if (++attempts < 3) throw new RetryLater(1);
    return attempts;
  }
}

class Caller {
  constructor(@Inject('RPC') readonly client: ClientProxy) {}
}

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  events.length = 0;
  attempts = 0;
});

async function start() {
  const { app, cluster } = await startMicroservice({ controllers: [Handlers], imports: [RocketMQModule.registerClient('RPC')], providers: [{ provide: Caller, useFactory: (c: ClientProxy) => new Caller(c), inject: ['RPC'] }] });
  close = () => app.close();
  return { app, cluster, client: app.get(Caller).client };
}

it('gives plain event handlers the messages of topic and tag, in the default group', async () => {
  const { cluster } = await start();
  cluster.put('orders', { id: 1 }, { TAGS: 'paid' });
  await eventually('the event', () => events.length === 1);
  expect(events).toEqual([{ id: 1 }]);
  expect(cluster.consumers.find(({ options }) => options.group === 'default-group')?.subscriptions.get('orders')).toEqual({ type: 'TAG', expression: 'paid' });
});

it('answers requests with what the handler returns, also nothing', async () => {
  const { client } = await start();
  expect(await firstValueFrom(client.send('sum', [1, 2, 3]))).toBe(6);
  expect(await firstValueFrom(client.send('nothing', {}))).toBeNull();
});

it('answers requests with the error of an RpcException, as an Error with its fields', async () => {
  const { client } = await start();
  const failure: unknown = await firstValueFrom(client.send('refuse', {})).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(RemoteHandlerError);
  expect(failure).toMatchObject({ message: 'no credit', error: { code: 42 } });
});

it.each(['crash', 'careless'])('does not tell callers what went wrong inside, and does not try a failed request again: %s', async (pattern) => {
  const { client, cluster } = await start();
  await expect(firstValueFrom(client.send(pattern, {}))).rejects.toThrow('Internal server error');
  await eventually('the outcome', () => cluster.outcomes.length > 0);
  expect(cluster.outcomes.map(({ outcome }) => outcome)).toEqual([{ status: 'CONSUME_SUCCESS' }]);
});

it('lets a handler put off a request: the reply comes from a later delivery', async () => {
  const { app } = await start();
  expect(await app.get(RocketTemplate).request('busy', {})).toBe(3);
});

it('emits at once, resolves to the SendResult, also for late subscribers, and takes records', async () => {
  const { client, cluster } = await start();
  const emitted = client.emit('orders:paid', new RocketRecordBuilder({ id: 2 }).keys('order-2').property('tenant', 'acme').build());
  await eventually('the event', () => events.length === 1);
  expect(await firstValueFrom(emitted)).toMatchObject({ sendStatus: 'SEND_OK', messageQueue: { topic: 'orders' } });
  expect(cluster.topic('orders')[0].properties).toEqual({ TAGS: 'paid', KEYS: 'order-2', tenant: 'acme' });
});

it('carries the metadata of a dispatch hook as properties', async () => {
  const { client, cluster } = await start();
  client.setOnDispatchHook((packet) => {
    packet.metadata = { traceparent: '00-abc' };
  });
  await firstValueFrom(client.emit('orders:paid', { id: 3 }));
  expect(cluster.topic('orders')[0].properties).toMatchObject({ traceparent: '00-abc' });
});

it('rejects emit for subscribers, and refuses patterns that are no destination', async () => {
  const { client, cluster } = await start();
  cluster.failSendsTo = /orders/;
  await expect(firstValueFrom(client.emit('orders', {}))).rejects.toThrow('the broker refuses orders');
  await expect(firstValueFrom(client.emit({ cmd: 'x' }, {}))).rejects.toThrow('RocketMQ patterns are texts');
});

it('works with ClientsModule, on a connection of its own', async () => {
  const cluster = new FakeCluster();
  const { app } = await startMicroservice({
    cluster,
    controllers: [Handlers],
    imports: [ClientsModule.register([{ name: 'OWN', customClass: RocketMQClientProxy, options: { nameServers: 'ns:9876', clientFactory: cluster } }])],
  });
  const client = app.get<ClientProxy>('OWN');
  expect(await firstValueFrom(client.send('sum', [4]))).toBe(4);
  expect(cluster.producers).toHaveLength(2);
  await app.close();
  expect(cluster.producers.map(({ state }) => state)).toEqual(['closed', 'closed']);
});
