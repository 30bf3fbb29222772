import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import type { PeerStoredMessage } from '../../apache/peer-protocol.js';
import { bodiesOf, numbered, type Scenarios } from './scene.js';

export const popScenarios: Scenarios = (scene) => {
  it('hides what was received, shows it again when its time is over, and forgets it when it is acknowledged', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(1);
    const group = scene().name('group');
    const producer = await scene().producer();
    const client = scene().name('pop');
    const args = { name: client, group, topic, ...(await scene().master()) };
    await peer.call('pop.open', { name: client, nameServer });
    await peer.call('admin.createGroup', { nameServer, group });
    await scene().sendAll(producer, topic, ['keep', 'drop']);
    const receive = async (count: number, invisibleMillis: number): Promise<PeerStoredMessage[]> => {
      const messages: PeerStoredMessage[] = [];
      await eventually(`${count} popped messages`, async () => {
        messages.push(...(await peer.call('pop.receive', { ...args, invisibleMillis, pollMillis: 1_000, maxMessages: 8 })).messages);
        return messages.length >= count;
      }, 45_000);
      return messages;
    };
    const first = await receive(2, 5_000);
    expect(first.map((message) => message.body).sort()).toEqual(['drop', 'keep']);
    const drop = first.find((message) => message.body === 'drop');
    expect(await peer.call('pop.ack', { ...args, receipt: drop?.properties.POP_CK ?? '' })).toMatchObject({ status: 'OK' });
    const again = await receive(1, 60_000);
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ body: 'keep', reconsumeTimes: 1 });
    await peer.call('pop.close', { name: client });
    await peer.call('producer.stop', { name: producer });
  });

  it('serves a push consumer in pop mode, with retries', async () => {
    const { peer, nameServer } = scene();
    const topic = await scene().topic(2);
    const group = scene().name('group');
    const producer = await scene().producer();
    await peer.call('admin.createGroup', { nameServer, group });
    await peer.call('admin.setRequestMode', { nameServer, topic, group, mode: 'POP' });
    const consumer = await scene().consumer({ group, subscriptions: [{ topic }], clientRebalance: false, popInvisibleMillis: 10_000, failures: [{ body: 'm-1' }] });
    await scene().sendAll(producer, topic, numbered('m', 6));
    await peer.waitForReceived(consumer, 7, () => true, 55_000);
    expect(new Set(bodiesOf(peer.received(consumer)))).toEqual(new Set(numbered('m', 6)));
    await peer.call('consumer.stop', { name: consumer });
    await peer.call('producer.stop', { name: producer });
  });
};
