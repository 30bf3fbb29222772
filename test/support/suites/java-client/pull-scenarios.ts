import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import type { PeerStoredMessage } from '../../apache/peer-protocol.js';
import { numbered, type Scenarios } from './scene.js';

export const pullScenarios: Scenarios = (scene) => {
  it('lets a lite pull consumer poll, commit, seek back and go on after a restart', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(1);
    const group = scene().name('group');
    const producer = await scene().producer();
    await scene().sendAll(producer, topic, numbered('m', 10));
    const { brokerName } = await scene().master();
    const queue = { topic, brokerName, queueId: 0 };

    const poll = async (name: string, count: number): Promise<PeerStoredMessage[]> => {
      const messages: PeerStoredMessage[] = [];
      await eventually(`${count} polled messages`, async () => {
        messages.push(...(await peer.call('lite.poll', { name })));
        return messages.length >= count;
      });
      return messages;
    };
    const first = scene().name('lite');
    await peer.call('lite.start', { name: first, nameServer, group, subscriptions: [{ topic }] });
    expect((await poll(first, 10)).map((message) => message.body)).toEqual(numbered('m', 10));
    await peer.call('lite.seek', { name: first, queue, offset: 7 });
    expect((await poll(first, 3)).map((message) => message.body)).toEqual(['m-7', 'm-8', 'm-9']);
    await peer.call('lite.commit', { name: first });
    await eventually('the committed offset', async () => (await peer.call('lite.committed', { name: first, queue })) === 10);
    await peer.call('lite.stop', { name: first });

    await scene().sendAll(producer, topic, numbered('later', 2));
    const second = scene().name('lite');
    await peer.call('lite.start', { name: second, nameServer, group, subscriptions: [{ topic }] });
    expect((await poll(second, 2)).map((message) => message.body)).toEqual(numbered('later', 2));
    await peer.call('lite.stop', { name: second });
    await peer.call('producer.stop', { name: producer });
  });
};
