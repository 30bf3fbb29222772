import { Controller, Injectable, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import { FakeCluster } from '../../support/nest/fake-cluster.js';

afterEach(() => vi.restoreAllMocks());

const rocket = () => RocketMQModule.forRoot({ nameServers: 'ns:9876', clientFactory: new FakeCluster() });

it('refuses a handler on a provider, where Nest would silently ignore it', async () => {
  @Injectable()
  class NotAController {
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {}
  }
  const module = await Test.createTestingModule({ imports: [rocket()], providers: [NotAController] }).compile();
  await expect(module.init()).rejects.toThrow(/NotAController\.handle has @RocketConsumer, but its class is a provider/);
});

it('refuses a handler of a cluster that is not configured', async () => {
  @Controller()
  class Audit {
    @RocketConsumer({ topic: 'orders', group: 'g', cluster: 'audit' })
    handle(): void {}
  }
  const module = await Test.createTestingModule({ imports: [rocket()], controllers: [Audit] }).compile();
  await expect(module.init()).rejects.toThrow(/Audit\.handle consumes from cluster "audit".*known: "default"/);
});

it('warns when nobody connected the server, so that handlers would wait for ever', async () => {
  @Controller()
  class Orders {
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {}
  }
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const module = await Test.createTestingModule({ imports: [rocket()], controllers: [Orders] }).compile();
  await module.init();
  expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringMatching(/Orders\.handle will get no messages until its cluster is connected: await connectRocketMQ\(app\)/)]);
  await module.close();
});

it('refuses two decorators on one method', () => {
  expect(() => {
    class Twice {
      @RocketConsumer({ topic: 'a', group: 'g' })
      @RocketConsumer({ topic: 'b', group: 'g' })
      handle(): void {}
    }
    return Twice;
  }).toThrow('Twice.handle has more than one @RocketConsumer');
});
