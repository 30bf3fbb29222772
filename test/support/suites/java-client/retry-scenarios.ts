import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { type Scenarios } from './scene.js';

export const retryScenarios: Scenarios = (scene) => {
  it('delivers a failed message again, later and with the count of failures, and the others meanwhile', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    const consumer = await scene().consumer({
      group: scene().name('group'),
      subscriptions: [{ topic, expression: 'a' }],
      failures: [{ body: 'fails twice', times: 2 }, { body: 'throws once', how: 'throw' }],
    });
    const [failing] = await scene().sendAll(producer, topic, ['fails twice', 'throws once', 'good'], { tags: 'a' });
    await peer.waitForReceived(consumer, 6);
    const deliveries = peer.received(consumer).filter((message) => message.body === 'fails twice');
    expect(deliveries.map((message) => message.reconsumeTimes)).toEqual([0, 1, 2]);
    expect(deliveries.map((message) => message.topic)).toEqual([topic, topic, topic]);
    expect(new Set(deliveries.map((message) => message.msgId))).toEqual(new Set([failing?.msgId]));
    expect(deliveries[1]?.properties.ORIGIN_MESSAGE_ID).toBe(failing?.offsetMsgId);
    expect(deliveries[1]?.storeTimestamp).toBeGreaterThanOrEqual((deliveries[0]?.storeTimestamp ?? 0) + 1_000);
    expect(peer.received(consumer).filter((message) => message.body === 'throws once').map((message) => message.reconsumeTimes)).toEqual([0, 1]);
    expect(peer.received(consumer).filter((message) => message.body === 'good')).toHaveLength(1);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('moves a message to the dead-letter topic when its retries are used up', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(1);
    const group = scene().name('group');
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group, subscriptions: [{ topic }], maxReconsumeTimes: 1, failures: [{ body: 'poison', times: 100 }] });
    const sent = await peer.call('producer.send', { name: producer, message: { topic, body: 'poison', keys: 'order-13' } });
    await peer.waitForReceived(consumer, 2);
    const dead = `%DLQ%${group}`;
    const queue = await eventually('the dead letter', async () => (await peer.call('admin.topicStats', { nameServer, topic: dead })).find((row) => row.maxOffset === 1));
    expect(peer.received(consumer).map((message) => message.reconsumeTimes)).toEqual([0, 1]);
    await peer.call('consumer.stop', { name: consumer });

    const reader = scene().name('reader');
    await peer.call('lite.start', { name: reader, nameServer, group: reader, assign: [{ topic: dead, brokerName: queue.brokerName, queueId: queue.queueId }] });
    const letter = await eventually('the dead letter to read', async () => (await peer.call('lite.poll', { name: reader }))[0]);
    expect(letter).toMatchObject({ body: 'poison', keys: 'order-13', topic: dead });
    expect(letter.properties).toMatchObject({ ORIGIN_MESSAGE_ID: sent.offsetMsgId, RETRY_TOPIC: topic, UNIQ_KEY: sent.msgId });
    await peer.call('lite.stop', { name: reader });
    await peer.call('producer.stop', { name: producer });
  });
};
