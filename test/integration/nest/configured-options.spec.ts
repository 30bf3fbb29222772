import { Controller, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { rocketMicroservice } from '../../../lib/nest/module/connect.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import type { RocketMQModuleOptions, RocketMQOptionsFactory } from '../../../lib/nest/module/rocketmq-options.js';
import { eventually } from '../../support/eventually.js';
import { FakeCluster } from '../../support/nest/fake-cluster.js';
import { startMicroservice } from '../../support/nest/test-app.js';

/** Stands for Nest's ConfigService. */
@Injectable()
class Config {
  readonly values: Record<string, string> = { NAME_SERVERS: 'ns:9876', TOPIC: 'orders', GROUP: 'deduction', CONCURRENCY: '7' };

  get(name: string): string {
    return this.values[name];
  }
}

@Module({ providers: [Config], exports: [Config] })
class ConfigModule {}

const handled: string[] = [];

@Controller()
class Placeholders {
  @RocketConsumer({ topic: '${TOPIC}', group: 'svc-${GROUP}', tags: '${TAGS:*}', concurrency: '${CONCURRENCY}' })
  handle(): void {
    handled.push('placeholders');
  }
}

@Controller()
class Functions {
  @RocketConsumer({ topic: ({ get }) => get(Config).get('TOPIC'), group: ({ value }) => `fn-${value('GROUP')}`, concurrency: () => 3 })
  handle(): void {}

  @RocketConsumer(({ get }) => ({ topic: `all-${get(Config).get('TOPIC')}`, group: 'whole' }))
  whole(): void {}
}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('takes module options, placeholders and decorator options from providers', async () => {
  const cluster = new FakeCluster();
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule,
      RocketMQModule.forRootAsync({
        imports: [ConfigModule],
        inject: [Config],
        useFactory: (config: Config) => ({ nameServers: config.get('NAME_SERVERS'), clientFactory: cluster, placeholders: (name) => config.values[name] }),
      }),
    ],
    controllers: [Placeholders, Functions],
  }).compile();
  module.useLogger(false);
  const app = module.createNestMicroservice(rocketMicroservice());
  close = () => app.close();
  await app.listen();

  const seen = cluster.consumers.map(({ options, subscriptions }) => [options.group, options.concurrency, ...subscriptions.keys()]);
  expect(seen).toEqual([
    ['svc-deduction', 7, 'orders'],
    ['fn-deduction', 3, 'orders'],
    ['whole', undefined, 'all-orders'],
  ]);
  cluster.put('orders', {});
  await eventually('the call', () => handled.length === 1);
});

it('takes module options from a factory class', async () => {
  const cluster = new FakeCluster();
  @Injectable()
  class Options implements RocketMQOptionsFactory {
    createRocketMQOptions(): RocketMQModuleOptions {
      return { nameServers: 'ns:9876', clientFactory: cluster };
    }
  }
  const module = await Test.createTestingModule({ imports: [RocketMQModule.forRootAsync({ useClass: Options })] }).compile();
  await module.init();
  expect(cluster.producers).toHaveLength(1);
  await module.close();
  expect(cluster.producers[0].state).toBe('closed');
});

it('stops the start when a placeholder has no value, naming handler and placeholder', async () => {
  const rocket = { placeholders: { TOPIC: 'orders', CONCURRENCY: 1 } };
  await expect(startMicroservice({ controllers: [Placeholders], rocket })).rejects.toThrow(/Placeholders\.handle: the placeholder \$\{GROUP\} has no value/);
});

it.each<[string, object, RegExp]>([
  ['an illegal topic', { topic: 'a b', group: 'g' }, /Bad\.handle: the topic name "a b" contains illegal characters/],
  ['a number out of range', { topic: 't', group: 'g', batch: 5000 }, /Bad\.handle: batch is 5000; it must be an integer from 1 to 1024/],
  ['an unknown mode', { topic: 't', group: 'g', mode: 'PARALLEL' }, /Bad\.handle: mode is "PARALLEL"; allowed are CONCURRENTLY, ORDERLY/],
  ['tags and sql together', { topic: 't', group: 'g', tags: 'a', sql: 'a > 1' }, /Bad\.handle: both "tags" and "sql" are given/],
  ['no group at all', { topic: 't' }, /Bad\.handle: no consumer group/],
])('stops the start at %s, naming the handler', async (_, options, expected) => {
  @Controller()
  class Bad {
    @RocketConsumer(options as { topic: string })
    handle(): void {}
  }
  await expect(startMicroservice({ controllers: [Bad], rocket: { consumer: {} } })).rejects.toThrow(expected);
});
