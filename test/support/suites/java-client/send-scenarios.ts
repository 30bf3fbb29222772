import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { numbered, type Scenarios } from './scene.js';

export const sendScenarios: Scenarios = (scene) => {
  it('numbers the messages of each queue from 0 without gaps, for synchronous and asynchronous sends', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const producer = await scene().producer();
    const sync = await scene().sendAll(producer, topic, numbered('sync', 6));
    const async = await Promise.all(numbered('async', 6).map((body) => peer.call('producer.send', { name: producer, mode: 'async', message: { topic, body } })));
    const sent = [...sync, ...async];
    expect(new Set(sent.map((result) => result.status))).toEqual(new Set(['SEND_OK']));
    expect(new Set(sent.map((result) => result.msgId)).size).toBe(12);
    expect(new Set(sent.map((result) => result.offsetMsgId)).size).toBe(12);
    for (const queueId of [0, 1]) {
      const offsets = sent.filter((result) => result.queueId === queueId).map((result) => result.queueOffset).sort((a, b) => a - b);
      expect(offsets).toEqual(offsets.map((_, index) => index));
    }
    await peer.call('producer.stop', { name: producer });
  });

  it('stores one-way sends, which nobody answers', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    for (const body of numbered('oneway', 3)) await peer.call('producer.send', { name: producer, mode: 'oneway', message: { topic, body } });
    await eventually('three stored messages', async () => (await peer.call('admin.topicStats', { nameServer, topic }))[0]?.maxOffset === 3);
    await peer.call('producer.stop', { name: producer });
  });

  it('stores a batch as messages of their own with consecutive offsets', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    const messages = numbered('batch', 3).map((body) => ({ topic, body, tags: 'b', keys: body }));
    const result = await peer.call('producer.send', { name: producer, mode: 'batch', messages });
    expect(result).toMatchObject({ status: 'SEND_OK', queueOffset: 0 });
    expect(result.msgId.split(',')).toHaveLength(3);
    expect(result.offsetMsgId.split(',')).toHaveLength(3);
    const next = await peer.call('producer.send', { name: producer, message: { topic, body: 'after' } });
    expect(next.queueOffset).toBe(3);
    await peer.call('producer.stop', { name: producer });
  });

  it('sends what has one sharding key to one queue', async () => {
    const topic = await scene().topic(4);
    const producer = await scene().producer();
    const results = await scene().sendAll(producer, topic, numbered('ordered', 5), { shardingKey: 'customer-9' });
    expect(new Set(results.map((result) => result.queueId)).size).toBe(1);
    expect(results.map((result) => result.queueOffset)).toEqual([0, 1, 2, 3, 4]);
    await scene().peer.call('producer.stop', { name: producer });
  });

  it('creates a topic at the first send to it', async () => {
    const { peer, nameServer } = scene();
    const topic = scene().name('auto-created');
    const producer = await scene().producer({ defaultTopicQueueNums: 3 });
    const result = await peer.call('producer.send', { name: producer, message: { topic, body: 'first' } });
    expect(result).toMatchObject({ status: 'SEND_OK', topic, queueOffset: 0 });
    expect(await peer.call('admin.topicConfig', { nameServer, topic })).toMatchObject({ topicName: topic, readQueueNums: 3, writeQueueNums: 3 });
    await peer.call('producer.stop', { name: producer });
  });

  it('refuses properties longer than 32767 bytes with MESSAGE_ILLEGAL', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer({ retries: 0 });
    // the client checks the body's size by itself, so this is the limit that only a broker refuses
    const properties = { big: 'x'.repeat(33_000) };
    await expect(peer.call('producer.send', { name: producer, message: { topic, body: 'b', properties } })).rejects.toMatchObject({ code: 13 });
    await peer.call('producer.stop', { name: producer });
  });
};
