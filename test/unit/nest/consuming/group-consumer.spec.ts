import { expect, it } from 'vitest';
import type { MessageExt } from '../../../../lib/protocol/message/message.js';
import { jsonCodec } from '../../../../lib/nest/codec/payload-codec.js';
import type { ConsumerDefinition } from '../../../../lib/nest/consuming/consumer-definition.js';
import { DeadLetterSender } from '../../../../lib/nest/consuming/dead-letter-sender.js';
import { GroupConsumer } from '../../../../lib/nest/consuming/group-consumer.js';
import { HandlerRunner } from '../../../../lib/nest/consuming/handler-runner.js';
import { planSubscriptions } from '../../../../lib/nest/consuming/subscription-plan.js';
import type { ConsumeMode } from '../../../../lib/nest/module/rocketmq-options.js';
import { RocketTemplate } from '../../../../lib/nest/producer/rocket-template.js';
import { silentLogger } from '../../../../lib/runtime/logger.js';
import { FakeCluster, type FakePushConsumer } from '../../../support/nest/fake-cluster.js';
import { VirtualClock } from '../../../support/virtual-clock.js';

/** A group of one handler without batches, whose client hands over several messages at a time all the same. */
async function groupOf(mode: ConsumeMode, handle: (id: number) => void): Promise<{ cluster: FakeCluster; deliver: (count: number) => Promise<void> }> {
  const cluster = new FakeCluster();
  const definition: ConsumerDefinition = {
    place: 'Orders.handle',
    reply: false,
    topic: 'orders',
    group: 'g',
    filter: { type: 'TAG', expression: '*' },
    tags: undefined,
    mode,
    model: 'CLUSTERING',
    from: undefined,
    consumeTimestamp: undefined,
    concurrency: undefined,
    batch: undefined,
    maxReconsumeTimes: undefined,
    timeoutMs: 0,
    suspendMs: undefined,
    codec: jsonCodec,
    handler: async (id: number) => handle(id),
  };
  const clock = new VirtualClock();
  const template = new RocketTemplate(cluster.createProducer({ nameServers: 'ns:9876' }), jsonCodec, clock, 1000);
  const runner = new HandlerRunner(clock, template, (_, work) => work(), silentLogger);
  const consumer = cluster.createPushConsumer({ nameServers: 'ns:9876', group: 'g', consumeMessageBatchMaxSize: 10 }) as FakePushConsumer;
  const deadLetters = new DeadLetterSender(template, clock);
  const parts = { consumer, runner, deadLetters, logger: silentLogger, delayLevelsMs: undefined, shutdownTimeoutMs: 0, onFailure: () => undefined };
  await new GroupConsumer(planSubscriptions([definition])[0], parts).start();
  return {
    cluster,
    deliver: async (count) => {
      consumer.suspend();
      const messages: MessageExt[] = [];
      for (let id = 1; id <= count; id++) messages.push(cluster.put('orders', id));
      consumer.resume();
      consumer.suspend();
      while (cluster.outcomes.length < messages.length) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('handles several messages of one call one by one', async () => {
  const handled: number[] = [];
  const { cluster, deliver } = await groupOf('CONCURRENTLY', (id) => {
    handled.push(id);
    if (id === 2) throw new Error('no');
  });
  await deliver(3);
  expect(handled).toEqual([1, 2, 3]);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'RECONSUME_LATER', delayLevel: 0 });
});

it('does not go past a failed message of an ordered queue', async () => {
  const handled: number[] = [];
  const { cluster, deliver } = await groupOf('ORDERLY', (id) => {
    handled.push(id);
    if (id === 2) throw new Error('no');
  });
  await deliver(3);
  expect(handled).toEqual([1, 2]);
  expect(cluster.outcomes[0].outcome).toEqual({ status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: undefined });
});
