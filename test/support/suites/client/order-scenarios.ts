import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { eventuallyHas } from './client-scene.js';
import type { ClientScene } from './client-scene.js';

/** What an orderly consumer must be able to do. */
export function orderScenarios(scene: () => ClientScene): void {
  it('delivers each sharding key in order, also through failures', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    for (let n = 0; n < 20; n++) {
      await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => producer.send({ topic, body: `${key}${n}`, tag: 'o', shardingKey: key })));
    }
    const seen = new Map<string, number[]>();
    let failures = 0;
    const consumer = scene().consumer({ suspendCurrentQueueTimeMs: 20 });
    consumer.subscribe(topic, 'o');
    consumer.listenOrderly(async ([message]) => {
      const [key, n] = [message.body.toString()[0], Number(message.body.toString().slice(1))];
      if (n === 7 && message.reconsumeTimes < 2) {
        failures++;
        if (message.reconsumeTimes === 0) throw new Error('not now');
        return { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' };
      }
      await Promise.resolve();
      seen.set(key, [...(seen.get(key) ?? []), n]);
      return { status: 'SUCCESS' };
    });
    await consumer.start();
    await eventually('all messages', () => ([...seen.values()].reduce((sum, list) => sum + list.length, 0) === 100 ? true : undefined), 60_000);
    for (const list of seen.values()) expect(list).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(failures).toBe(10);
  });

  it('never has two members at work on one queue while members come and go', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('OG');
    const busy = new Set<number>();
    const seen = new Set<string>();
    let overlaps = 0;
    const member = async (): Promise<{ shutdown(): Promise<void> }> => {
      const consumer = scene().consumer({ group });
      consumer.subscribe(topic, 'o');
      consumer.listenOrderly(async ([message]) => {
        if (busy.has(message.queueId)) overlaps++;
        busy.add(message.queueId);
        await new Promise((resolve) => setTimeout(resolve, 2));
        busy.delete(message.queueId);
        seen.add(message.msgId);
      });
      await consumer.start();
      return consumer;
    };
    const first = await member();
    const send = async (): Promise<void> => void (await Promise.all(Array.from({ length: 40 }, (_, i) => producer.send({ topic, body: `${i}`, tag: 'o' }))));
    await send();
    await member();
    await send();
    await first.shutdown();
    await send();
    await eventually('all messages', () => (seen.size === 120 ? true : undefined), 90_000);
    expect(overlaps).toBe(0);
  });

  it('gives up a message after its deliveries, and goes on with the next', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('OG');
    const consumer = scene().consumer({ group, maxReconsumeTimes: 1, suspendCurrentQueueTimeMs: 20 });
    const seen: string[] = [];
    consumer.subscribe(topic, 'o');
    consumer.listenOrderly(([message]) => {
      seen.push(message.body.toString());
      return message.body.toString() === 'bad' ? { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' } : { status: 'SUCCESS' };
    });
    for (const body of ['bad', 'good']) await producer.send({ topic, body, tag: 'o', shardingKey: 'k' });
    await consumer.start();
    await eventually('the next message', () => (seen.includes('good') ? true : undefined), 60_000);
    expect(seen.slice(0, 3)).toEqual(['bad', 'bad', 'good']);
    await consumer.shutdown();
    const dead = await scene().collect(`%DLQ%${group}`);
    await eventuallyHas(dead.messages, 1);
    expect(dead.messages[0].body.toString()).toBe('bad');
  });
}
