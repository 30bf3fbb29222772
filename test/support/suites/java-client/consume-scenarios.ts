import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { bodiesOf, numbered, type Scenarios } from './scene.js';

export const consumeScenarios: Scenarios = (scene) => {
  it('delivers every message once, with all that was sent', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }] });
    const sent = await peer.call('producer.send', {
      name: producer,
      message: { topic, body: 'grüße 订单 🚀', tags: 'paid', keys: 'order-7 customer-9', flag: 5, properties: { source: 'shop', empty: 'x=1&2' } },
    });
    const [message] = await peer.waitForReceived(consumer, 1);
    expect(message).toMatchObject({ topic, body: 'grüße 订单 🚀', tags: 'paid', keys: 'order-7 customer-9', flag: 5, reconsumeTimes: 0 });
    expect(message).toMatchObject({ msgId: sent.msgId, offsetMsgId: sent.offsetMsgId, queueId: sent.queueId, queueOffset: sent.queueOffset, brokerName: sent.brokerName });
    expect(message?.properties).toMatchObject({ source: 'shop', empty: 'x=1&2', UNIQ_KEY: sent.msgId });
    await scene().sendAll(producer, topic, numbered('more', 30));
    await peer.waitForReceived(consumer, 31);
    expect(new Set(bodiesOf(peer.received(consumer))).size).toBe(31);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it.each(['ZLIB', 'LZ4', 'ZSTD'] as const)('delivers a body that the producer compressed with %s', async (compression) => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer({ compression, compressOver: 100 });
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }] });
    const body = 'compressible '.repeat(1_000);
    await scene().sendAll(producer, topic, [body]);
    const [message] = await peer.waitForReceived(consumer, 1);
    expect(message?.body).toBe(body);
    expect(message?.storeSize).toBeLessThan(1_000);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('delivers only the tags a consumer asked for', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    const some = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic, expression: 'paid || shipped' }] });
    const all = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic, expression: '*' }] });
    for (const tags of ['created', 'paid', 'cancelled', 'shipped']) await scene().sendAll(producer, topic, [tags], { tags });
    await peer.call('producer.send', { name: producer, message: { topic, body: 'untagged' } });
    await scene().sendAll(producer, topic, ['paid again'], { tags: 'paid' });
    await peer.waitForReceived(all, 6);
    expect(bodiesOf(await peer.waitForReceived(some, 3)).sort()).toEqual(['paid', 'paid again', 'shipped']);
    await peer.call('consumer.stop', { name: some });
    await peer.call('consumer.stop', { name: all });
    await peer.call('producer.stop', { name: producer });
  });

  it('goes on where the group stopped', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const group = scene().name('group');
    const producer = await scene().producer();
    const first = await scene().consumer({ group, subscriptions: [{ topic }] });
    await scene().sendAll(producer, topic, numbered('before', 8));
    await peer.waitForReceived(first, 8);
    await peer.call('consumer.stop', { name: first });
    await scene().sendAll(producer, topic, numbered('between', 8));
    const second = await scene().consumer({ group, subscriptions: [{ topic }] });
    expect(bodiesOf(await peer.waitForReceived(second, 8)).sort()).toEqual(numbered('between', 8));
    await peer.call('consumer.stop', { name: second });
    await peer.call('producer.stop', { name: producer });
  });

  it('starts a new group at the beginning of a young queue even when it asks for the end', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    await scene().sendAll(producer, topic, numbered('old', 3));
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }], from: 'LAST_OFFSET' });
    expect(bodiesOf(await peer.waitForReceived(consumer, 3))).toHaveLength(3);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });

  it('gives every member of a broadcasting group every message', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const group = scene().name('group');
    const producer = await scene().producer();
    const members = [
      await scene().consumer({ group, subscriptions: [{ topic }], broadcast: true }),
      await scene().consumer({ group, subscriptions: [{ topic }], broadcast: true }),
    ];
    for (const name of members) await eventually('both queues', async () => (await peer.call('consumer.assignment', { name })).length === 2);
    await scene().sendAll(producer, topic, numbered('all', 6));
    for (const member of members) expect(bodiesOf(await peer.waitForReceived(member, 6)).sort()).toEqual(numbered('all', 6));
    for (const name of members) await peer.call('consumer.stop', { name });
    await peer.call('producer.stop', { name: producer });
  });

  it('hands over batches of messages when asked to', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    await scene().sendAll(producer, topic, numbered('m', 20));
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }], batchSize: 8 });
    const messages = await peer.waitForReceived(consumer, 20);
    expect(Math.max(...messages.map((message) => message.batchSize))).toBe(8);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });
};
