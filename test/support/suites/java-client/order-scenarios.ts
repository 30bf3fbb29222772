import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { bodiesOf, numbered, type Scenarios } from './scene.js';

export const orderScenarios: Scenarios = (scene) => {
  it('keeps the order of each queue, also when a message fails', async () => {
    const { peer } = scene();
    const topic = await scene().topic(4);
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }], orderly: true, threads: 4, failures: [{ body: 'x-3', times: 2 }] });
    for (const customer of ['x', 'y', 'z']) await scene().sendAll(producer, topic, numbered(customer, 8), { shardingKey: customer });
    const received = await peer.waitForReceived(consumer, 26);
    for (const customer of ['x', 'y', 'z']) {
      const bodies = bodiesOf(received.filter((message) => message.body.startsWith(customer)));
      const expected = numbered(customer, 8);
      if (customer === 'x') expected.splice(3, 0, 'x-3', 'x-3');
      expect(bodies).toEqual(expected);
    }
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('hands the locks of a member that leaves to the one that stays, which goes on in order', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const group = scene().name('group');
    const producer = await scene().producer();
    const args = { group, subscriptions: [{ topic }], orderly: true };
    const leaving = await scene().consumer(args);
    const staying = await scene().consumer(args);
    const held = async (name: string): Promise<number> => (await peer.call('consumer.assignment', { name })).length;
    await eventually('one queue each', async () => (await held(leaving)) === 1 && (await held(staying)) === 1, 40_000);
    await scene().sendAll(producer, topic, numbered('first', 10));
    await eventually('the first ten', () => peer.received(leaving).length + peer.received(staying).length >= 10);
    await peer.call('consumer.stop', { name: leaving });
    await eventually('both queues', async () => (await held(staying)) === 2, 40_000);
    await scene().sendAll(producer, topic, numbered('second', 10));
    const after = await peer.waitForReceived(staying, 10, (message) => message.body.startsWith('second'), 60_000);
    for (const queueId of [0, 1]) {
      const offsets = after.filter((message) => message.queueId === queueId).map((message) => message.queueOffset);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
    const all = bodiesOf([...peer.received(leaving), ...peer.received(staying)]);
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
    await peer.call('consumer.stop', { name: staying });
    await peer.call('producer.stop', { name: producer });
  });
};
