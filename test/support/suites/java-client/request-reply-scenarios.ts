import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { type Scenarios } from './scene.js';

export const requestReplyScenarios: Scenarios = (scene) => {
  it('brings the reply of a consumer back to the producer that asked', async () => {
    const { peer } = scene();
    const topic = await scene().topic(2);
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic }], reply: true });
    await eventually('both queues', async () => (await peer.call('consumer.assignment', { name: consumer })).length === 2);
    const replies = await Promise.all(['one', 'two', 'three'].map((body) => peer.call('producer.request', { name: producer, message: { topic, body }, ttlMillis: 15_000 })));
    expect(replies.map((reply) => reply.body)).toEqual(['reply to one', 'reply to two', 'reply to three']);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });
};
