import { expect, it } from 'vitest';
import { bodiesOf, type Scenarios } from './scene.js';

export const sqlScenarios: Scenarios = (scene) => {
  it('delivers only what an SQL expression selects', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer();
    const consumer = await scene().consumer({
      group: scene().name('group'),
      subscriptions: [{ topic, type: 'SQL92', expression: "amount BETWEEN 10 AND 20 AND (region = 'eu' OR region IS NULL)" }],
    });
    const send = (body: string, properties: Record<string, string>): Promise<unknown> => peer.call('producer.send', { name: producer, message: { topic, body, properties } });
    await send('too small', { amount: '9', region: 'eu' });
    await send('eu', { amount: '10', region: 'eu' });
    await send('us', { amount: '15', region: 'us' });
    await send('nowhere', { amount: '20' });
    await send('no amount', { region: 'eu' });
    await send('decimal', { amount: '12.5', region: 'eu' }); // a decimal property is not comparable with whole numbers
    await send('last', { amount: '12', region: 'eu' });
    await peer.waitForReceived(consumer, 1, (message) => message.body === 'last');
    expect(bodiesOf(peer.received(consumer)).sort()).toEqual(['eu', 'last', 'nowhere']);
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });
};
