import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { bodiesOf, type Scenarios } from './scene.js';

/** Apache's check can sit out a whole round of a minute when settlements of other transactions come in between. */
const CHECK_PATIENCE_MS = 200_000;

export const transactionScenarios: Scenarios = (scene) => {
  it('delivers what was committed, at once or by a later check, and nothing else', async () => {
    const { peer } = scene();
    const topic = await scene().topic(1);
    const producer = await scene().producer({ transactional: true });
    const consumer = await scene().consumer({ group: scene().name('group'), subscriptions: [{ topic, expression: 't' }] });
    const message = (body: string): { topic: string; body: string; tags: string } => ({ topic, body, tags: 't' });
    const sent = await peer.call('producer.sendTransaction', { name: producer, message: message('committed'), outcome: 'COMMIT' });
    await peer.call('producer.sendTransaction', { name: producer, message: message('rolled back'), outcome: 'ROLLBACK' });
    await peer.call('producer.sendTransaction', { name: producer, message: message('committed by check'), outcome: 'UNKNOW', checkAnswer: 'COMMIT' });
    await peer.call('producer.sendTransaction', { name: producer, message: message('rolled back by check'), outcome: 'UNKNOW', checkAnswer: 'ROLLBACK' });
    expect(sent.localState).toBe('COMMIT_MESSAGE');
    const checked = (): string[] => peer.events.flatMap((event) => (event.event === 'transactionCheck' && event.producer === producer ? [event.message.body] : []));
    await eventually('both checks', () => checked().includes('committed by check') && checked().includes('rolled back by check'), 150_000);
    for (const body of ['committed', 'committed by check']) await peer.waitForReceived(consumer, 1, (received) => received.body === body);
    await peer.call('producer.sendTransaction', { name: producer, message: message('end'), outcome: 'COMMIT' });
    await peer.waitForReceived(consumer, 1, (received) => received.body === 'end');
    expect(new Set(bodiesOf(peer.received(consumer)))).toEqual(new Set(['committed', 'committed by check', 'end']));
    expect(peer.received(consumer).find((received) => received.body === 'committed')).toMatchObject({ topic, queueId: 0, msgId: sent.msgId });
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  }, CHECK_PATIENCE_MS);
};
