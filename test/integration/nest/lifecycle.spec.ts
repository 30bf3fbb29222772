import { Controller, Global, Inject, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { connectRocketMQ, enableRocketShutdown, rocketMicroservice } from '../../../lib/nest/module/connect.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { eventually } from '../../support/eventually.js';
import { FakeCluster } from '../../support/nest/fake-cluster.js';

let cluster: FakeCluster;
let release: () => void;
let running: Promise<void>;

/** Stands for a connection pool of the user. */
@Injectable()
class Pool implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  constructor(@Inject('CLUSTER') private readonly cluster: FakeCluster) {}

  onModuleInit(): void {
    this.cluster.journal.push('pool opened');
  }

  async onApplicationBootstrap(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.cluster.journal.push('pool warmed up');
  }

  onModuleDestroy(): void {
    this.cluster.journal.push('pool closed');
  }
}

/** Sends when everything else has stopped. */
@Injectable()
class LastWords implements OnApplicationShutdown {
  constructor(private readonly rocket: RocketTemplate) {}

  async onApplicationShutdown(): Promise<void> {
    await this.rocket.send('audit', { goodbye: true });
  }
}

@Controller()
class Orders {
  constructor(@Inject('CLUSTER') private readonly cluster: FakeCluster) {}

  @RocketConsumer({ topic: 'orders', group: 'g' })
  async handle(): Promise<void> {
    this.cluster.journal.push('handler began');
    await running;
    this.cluster.journal.push('handler ended');
  }
}

function appModule(): new () => object {
  @Global()
  @Module({ providers: [{ provide: 'CLUSTER', useValue: cluster }], exports: ['CLUSTER'] })
  class ClusterModule {}

  @Global()
  @Module({ imports: [ClusterModule], providers: [Pool], exports: [Pool] })
  class PoolModule {}

  @Module({
    imports: [RocketMQModule.forRoot({ nameServers: 'ns:9876', clientFactory: cluster }), ClusterModule, PoolModule],
    controllers: [Orders],
    providers: [LastWords],
  })
  class AppModule {}
  return AppModule;
}

beforeEach(() => {
  cluster = new FakeCluster();
  running = new Promise((resolve) => {
    release = resolve;
  });
});
afterEach(() => vi.restoreAllMocks());

const STARTED_IN_ORDER = ['producer started', 'pool opened', 'pool warmed up', 'consumer g started'];
const CLOSED_IN_ORDER = ['handler began', 'consumer g draining', 'handler ended', 'consumer g closed', 'pool closed', 'producer closed'];

async function standalone() {
  const app = await NestFactory.createMicroservice(appModule(), { ...rocketMicroservice(), logger: false });
  await app.listen();
  return app;
}

async function hybrid() {
  const app = await NestFactory.create(appModule(), { logger: false });
  await connectRocketMQ(app, { signals: [] });
  expect(cluster.journal).not.toContain('consumer g started');
  await app.init();
  return app;
}

async function expectDrained(close: () => unknown): Promise<void> {
  expect(cluster.journal).toEqual(STARTED_IN_ORDER);
  cluster.put('orders', {});
  await eventually('the running handler', () => cluster.journal.includes('handler began'));
  const closing = Promise.resolve(close());
  await eventually('the drain', () => cluster.journal.includes('consumer g draining'));
  cluster.put('orders', { late: true });
  expect(cluster.journal).not.toContain('pool closed');
  release();
  await closing;
  await eventually('the end', () => cluster.journal.includes('producer closed'));
  expect(cluster.journal.slice(STARTED_IN_ORDER.length)).toEqual(CLOSED_IN_ORDER);
  expect(cluster.topic('audit')).toHaveLength(1);
}

describe('consumption starts after, and is drained before, everything of the application', () => {
  it('in a standalone application that is closed', async () => {
    const app = await standalone();
    await expectDrained(() => app.close());
  });

  it('in a hybrid application that is closed', async () => {
    const app = await hybrid();
    await expectDrained(() => app.close());
  });

  it.each([
    ['standalone', standalone],
    ['hybrid', hybrid],
  ])('in a %s application that gets a signal', async (_, start) => {
    const app = await start();
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    enableRocketShutdown(app, ['SIGUSR2']);
    await expectDrained(() => process.emit('SIGUSR2', 'SIGUSR2'));
    await eventually('the signal to be raised again', () => kill.mock.calls.length === 1);
    expect(kill.mock.calls[0]).toEqual([process.pid, 'SIGUSR2']);
  });
});

it('starts once when the application is listening already', async () => {
  const app = await NestFactory.create(appModule(), { logger: false });
  await app.init();
  await connectRocketMQ(app, { signals: [] });
  await app.startAllMicroservices();
  expect(cluster.journal.filter((entry) => entry === 'consumer g started')).toHaveLength(1);
  await app.close();
});

it('refuses to be connected twice, which would register every handler twice', async () => {
  const app = await NestFactory.create(appModule(), { logger: false });
  await connectRocketMQ(app, { signals: [] });
  await expect(connectRocketMQ(app, { signals: [] })).rejects.toThrow('the cluster "default" is connected already');
  await app.close();
});

it('does not start consumers of an application that is closed before it was ready', async () => {
  const app = await NestFactory.create(appModule(), { logger: false });
  await connectRocketMQ(app, { signals: [] });
  await app.close();
  expect(cluster.consumers).toEqual([]);
});

it('reports a failed start to the caller instead of an unhandled rejection', async () => {
  vi.spyOn(cluster, 'createPushConsumer').mockImplementation(() => {
    throw new Error('no consumer today');
  });
  await expect(standalone()).rejects.toThrow('no consumer today');
  await expect(hybrid()).rejects.toThrow('no consumer today');
});
