import { Controller, Inject } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { connectRocketMQ } from '../../../lib/nest/module/connect.js';
import { getRocketServerToken, InjectRocketTemplate } from '../../../lib/nest/module/injection.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { RocketMQServer } from '../../../lib/nest/transport/rocketmq.server.js';
import { eventually } from '../../support/eventually.js';
import { FakeCluster } from '../../support/nest/fake-cluster.js';
import { startMicroservice } from '../../support/nest/test-app.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it('keeps two applications of one process apart: the same controller consumes in both, and closing one leaves the other', async () => {
  const calls: string[] = [];
  @Controller()
  class Orders {
    constructor(@Inject('NAME') private readonly name: string) {}

    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {
      calls.push(this.name);
    }
  }
  const first = await startMicroservice({ controllers: [Orders], providers: [{ provide: 'NAME', useValue: 'first' }] });
  const second = await startMicroservice({ controllers: [Orders], providers: [{ provide: 'NAME', useValue: 'second' }] });
  closing.push(() => second.app.close());
  first.cluster.put('orders', {});
  second.cluster.put('orders', {});
  await eventually('both calls', () => calls.length === 2);
  expect(calls.sort()).toEqual(['first', 'second']);
  await first.app.close();
  second.cluster.put('orders', {});
  await eventually('the third call', () => calls.length === 3);
  expect(calls[2]).toBe('second');
});

it('connects one application to two clusters, each with its own template, server, groups and defaults', async () => {
  const orders = new FakeCluster();
  const audit = new FakeCluster();
  const calls: string[] = [];

  @Controller()
  class Handlers {
    constructor(
      @InjectRocketTemplate() readonly ordersTemplate: RocketTemplate,
      @InjectRocketTemplate('audit') readonly auditTemplate: RocketTemplate,
    ) {}

    @RocketConsumer({ topic: 'orders' })
    async onOrder(): Promise<void> {
      calls.push('order');
      await this.auditTemplate.send('orders', { seen: true });
    }

    @RocketConsumer({ topic: 'orders', cluster: 'audit' })
    onAudit(): void {
      calls.push('audit');
    }
  }

  // A factory for each cluster, told apart by the address.
  const clientFactory = {
    createProducer: (options: { nameServers: unknown }) => (options.nameServers === 'a:1' ? orders : audit).createProducer(options as never),
    createPushConsumer: (options: { nameServers: unknown }) => (options.nameServers === 'a:1' ? orders : audit).createPushConsumer(options as never),
  };
  const module = await Test.createTestingModule({
    imports: [
      RocketMQModule.forRoot({
        clientFactory,
        clusters: [
          { nameServers: 'a:1', consumer: { group: 'g-orders' } },
          { name: 'audit', nameServers: 'b:2', consumer: { group: 'g-audit', maxReconsumeTimes: 3 } },
        ],
      }),
    ],
    controllers: [Handlers],
  }).compile();
  module.useLogger(false);
  const app = module.createNestApplication();
  closing.push(() => app.close());
  await connectRocketMQ(app, { signals: [] });
  await app.init();

  expect(orders.consumers.map(({ options }) => options.group)).toEqual(['g-orders']);
  expect(audit.consumers[0].options).toMatchObject({ group: 'g-audit', maxReconsumeTimes: 3, nameServers: 'b:2' });
  await app.get(RocketTemplate).send('orders', {});
  await eventually('both handlers', () => calls.length === 2);
  expect(calls).toEqual(['order', 'audit']);
  expect(app.get<RocketMQServer>(getRocketServerToken('audit')).groups).toEqual(['g-audit']);
  expect(app.get(RocketMQServer).groups).toEqual(['g-orders']);
});
