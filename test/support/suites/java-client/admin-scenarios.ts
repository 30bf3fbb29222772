import { expect, it } from 'vitest';
import { mqadmin } from '../../apache/mqadmin.js';
import { eventually } from '../../eventually.js';
import { numbered, type Scenarios } from './scene.js';

export const adminScenarios: Scenarios = (scene) => {
  it('tells routes, topics, offsets and statistics as they are', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(2);
    const group = scene().name('group');
    const producer = await scene().producer();
    const { brokerName } = await scene().master();
    const before = Date.now();
    await scene().sendAll(producer, topic, numbered('m', 6));
    expect(await peer.call('admin.topicList', { nameServer })).toContain(topic);
    expect(await peer.call('admin.route', { nameServer, topic })).toMatchObject({ queueDatas: [{ brokerName, readQueueNums: 2, writeQueueNums: 2, perm: 6 }] });
    const stats = await peer.call('admin.topicStats', { nameServer, topic });
    expect(stats.map((row) => row.maxOffset - row.minOffset).reduce((sum, count) => sum + count, 0)).toBe(6);
    const queue = { topic, brokerName, queueId: 0 };
    expect(await peer.call('admin.minOffset', { nameServer, queue })).toBe(0);
    expect(await peer.call('admin.maxOffset', { nameServer, queue })).toBe(3);
    expect(await peer.call('admin.searchOffset', { nameServer, queue, timestamp: before - 60_000 })).toBe(0);
    expect(await peer.call('admin.searchOffset', { nameServer, queue, timestamp: Date.now() + 60_000 })).toBe(3);
    expect(await peer.call('admin.earliestStoreTime', { nameServer, queue })).toBeGreaterThanOrEqual(before - 1_000);

    const consumer = await scene().consumer({ group, subscriptions: [{ topic }] });
    await peer.waitForReceived(consumer, 6);
    await eventually('no backlog', async () => (await peer.call('admin.consumeStats', { nameServer, group, topic })).every((row) => row.consumerOffset === row.brokerOffset));
    expect(await peer.call('admin.consumerConnection', { nameServer, group })).toMatchObject({ consumeType: 'CONSUME_PASSIVELY', messageModel: 'CLUSTERING', subscriptionTable: { [topic]: { subString: '*' } } });
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('creates, reads and deletes topics and groups', async () => {
    const { peer, nameServer } = scene();
    const topic = scene().name('made');
    const group = scene().name('group');
    await peer.call('admin.createTopic', { nameServer, topic, readQueues: 6, writeQueues: 3, perm: 6, attributes: { '+message.type': 'FIFO' } });
    expect(await peer.call('admin.topicConfig', { nameServer, topic })).toMatchObject({ topicName: topic, readQueueNums: 6, writeQueueNums: 3, attributes: { 'message.type': 'FIFO' } });
    await peer.call('admin.createGroup', { nameServer, group, retryMaxTimes: 3 });
    expect(await peer.call('admin.groupConfig', { nameServer, group })).toMatchObject({ groupName: group, retryMaxTimes: 3, consumeEnable: true });
    await peer.call('admin.deleteTopic', { nameServer, topic });
    await eventually('no route', async () => !(await peer.call('admin.topicList', { nameServer })).includes(topic));
    await peer.call('admin.deleteGroup', { nameServer, group });
    await peer.call('admin.putKeyValue', { nameServer, namespace: 'suite', key: group, value: 'a:4;b:4' });
    expect(await peer.call('admin.getKeyValue', { nameServer, namespace: 'suite', key: group })).toBe('a:4;b:4');
  });

  it('moves the offset of a running group back', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(1);
    const group = scene().name('group');
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group, subscriptions: [{ topic }] });
    await scene().sendAll(producer, topic, numbered('m', 4));
    await peer.waitForReceived(consumer, 4);
    await eventually('the committed offset', async () => (await peer.call('admin.consumeStats', { nameServer, group, topic }))[0]?.consumerOffset === 4);
    const [moved] = await peer.call('admin.resetOffset', { nameServer, topic, group, timestamp: 0 });
    expect(moved).toMatchObject({ queueId: 0, offset: 0 });
    await peer.waitForReceived(consumer, 8, () => true, 50_000);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('answers mqadmin', async () => {
    const { nameServer } = scene();
    const topic = await scene().topic(3);
    const { brokerName, brokerAddress } = await scene().master();
    const clusters = await mqadmin(['clusterList', '-n', nameServer]);
    expect(clusters).toContain(brokerName);
    expect(clusters).toContain(brokerAddress);
    expect(await mqadmin(['topicRoute', '-n', nameServer, '-t', topic])).toMatch(/"readQueueNums":\s*3/);
    expect(await mqadmin(['topicStatus', '-n', nameServer, '-t', topic])).toContain(brokerName);
  });
};
