import { expect, it } from 'vitest';
import { type Scenarios } from './scene.js';

export const delayScenarios: Scenarios = (scene) => {
  it('delivers a message of delay level 1 one second later, and one without delay at once', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic, expression: 'a' }] });
    await peer.call('producer.send', { name: producer, message: { topic, body: 'later', tags: 'a', keys: 'k', delayLevel: 1 } });
    await peer.call('producer.send', { name: producer, message: { topic, body: 'now', tags: 'a' } });
    const received = await peer.waitForReceived(consumer, 2);
    expect(received.map((message) => message.body)).toEqual(['now', 'later']);
    const later = received[1];
    expect(later).toMatchObject({ topic, tags: 'a', keys: 'k', reconsumeTimes: 0, queueId: 0, queueOffset: 1 });
    expect(later?.storeTimestamp).toBeGreaterThanOrEqual((later?.bornTimestamp ?? 0) + 900);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });
};
