import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { JavaPeer } from '../../apache/java-peer.js';
import { bodiesOf, numbered, type Scenarios } from './scene.js';

export const shareScenarios: Scenarios = (scene) => {
  it('shares the queues among the members of a group and gives all to the last that stays', async () => {
    const { nameServer } = scene();
    const peer = await JavaPeer.start(); // with the pauses of the default: only the broker's notice can make it quick
    const topic = await scene().topic(4);
    const group = scene().name('group');
    const producer = await scene().producer();
    const [first, second] = ['first', 'second'];
    for (const name of [first, second]) await peer.call('consumer.start', { name, nameServer, group, subscriptions: [{ topic }], from: 'FIRST_OFFSET' });
    const queues = async (name: string): Promise<number[]> => (await peer.call('consumer.assignment', { name })).map((queue) => queue.queueId).sort();
    await eventually('two queues each', async () => (await queues(first)).length === 2 && (await queues(second)).length === 2, 15_000);
    expect([...(await queues(first)), ...(await queues(second))].sort()).toEqual([0, 1, 2, 3]);

    await scene().sendAll(producer, topic, numbered('shared', 24));
    await eventually('24 deliveries', () => peer.received(first).length + peer.received(second).length >= 24);
    const shared = [...peer.received(first), ...peer.received(second)];
    expect(new Set(bodiesOf(shared)).size).toBe(24);
    expect(shared).toHaveLength(24);
    expect(new Set(peer.received(first).map((message) => message.queueId)).size).toBe(2);

    await peer.call('consumer.stop', { name: first });
    await eventually('all four queues', async () => (await queues(second)).length === 4, 15_000);
    await scene().sendAll(producer, topic, numbered('alone', 24));
    const alone = await peer.waitForReceived(second, 24, (message) => message.body.startsWith('alone'));
    expect(new Set(bodiesOf(alone)).size).toBe(24);
    expect(peer.received(first).filter((message) => message.body.startsWith('alone'))).toEqual([]);
    await peer.call('consumer.stop', { name: second });
    await peer.close();
    await scene().peer.call('producer.stop', { name: producer });
  });

  it('notices a member whose process dies and loses none of its messages', async () => {
    const { peer } = scene();
    const topic = await scene().topic(4);
    const group = scene().name('group');
    const producer = await scene().producer();
    const dying = await JavaPeer.start();
    const staying = await scene().consumer({ group, subscriptions: [{ topic }] });
    await dying.call('consumer.start', { name: 'dying', nameServer: scene().nameServer, group, subscriptions: [{ topic }], from: 'FIRST_OFFSET', workMillis: 60_000 });
    const held = async (): Promise<number> => (await peer.call('consumer.assignment', { name: staying })).length;
    await eventually('two queues each', async () => (await held()) === 2, 15_000);
    await scene().sendAll(producer, topic, numbered('m', 16));
    await dying.waitForReceived('dying', 1);
    await dying.kill();
    await eventually('all four queues', async () => (await held()) === 4, 15_000);
    expect(new Set(bodiesOf(await peer.waitForReceived(staying, 16)))).toEqual(new Set(numbered('m', 16)));
    await peer.call('consumer.stop', { name: staying });
    await peer.call('producer.stop', { name: producer });
  });
};
