import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { type Scenarios } from './scene.js';

export const queryScenarios: Scenarios = (scene) => {
  it('finds messages by key, by unique id and by offset id', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(2);
    const producer = await scene().producer();
    const one = await peer.call('producer.send', { name: producer, message: { topic, body: 'one', keys: 'order-1 customer-9' } });
    await peer.call('producer.send', { name: producer, message: { topic, body: 'two', keys: 'order-2 customer-9' } });
    const byKey = async (key: string): Promise<string[]> => {
      const found = await peer.call('query.byKey', { nameServer, topic, key }).catch(() => []);
      return found.map((message) => message.body).sort();
    };
    await eventually('both in the index', async () => (await byKey('customer-9')).length === 2);
    expect(await byKey('customer-9')).toEqual(['one', 'two']);
    expect(await byKey('order-2')).toEqual(['two']);
    expect(await peer.call('query.byId', { nameServer, topic, msgId: one.msgId })).toMatchObject({ body: 'one', keys: 'order-1 customer-9', queueOffset: one.queueOffset });
    expect(await peer.call('query.byId', { nameServer, topic, msgId: one.offsetMsgId })).toMatchObject({ body: 'one', msgId: one.msgId });
    await expect(peer.call('query.byKey', { nameServer, topic, key: 'nobody' })).rejects.toMatchObject({ code: 208 });
    await peer.call('producer.stop', { name: producer });
  });
};
