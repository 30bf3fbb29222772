import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { bodiesOf, eventuallyHas } from './client-scene.js';
import type { ClientScene } from './client-scene.js';

/** What a concurrent consumer must be able to do. */
export function consumeScenarios(scene: () => ClientScene): void {
  it('gets only the tags it wants', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const { messages } = await scene().collect(topic, { filter: 'A || B' });
    for (const tag of ['A', 'B', 'C', 'AaBB', 'BBAa']) await producer.send({ topic, body: tag, tag });
    await eventuallyHas(messages, 2);
    await producer.send({ topic, body: 'last', tag: 'A' });
    await eventuallyHas(messages, 3);
    expect(bodiesOf(messages)).toEqual(['A', 'B', 'last']);
  });

  it('tells apart tags with the same hash', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const { messages } = await scene().collect(topic, { filter: 'Aa' });
    await producer.send({ topic, body: 'other', tag: 'BB' });
    await producer.send({ topic, body: 'wanted', tag: 'Aa' });
    await eventuallyHas(messages, 1);
    expect(bodiesOf(messages)).toEqual(['wanted']);
  });

  it('goes on after a restart where it stopped', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('CG');
    const first = await scene().collect(topic, { group });
    await producer.sendBatch(['a', 'b'].map((body) => ({ topic, body })));
    await eventuallyHas(first.messages, 3);
    await first.consumer.shutdown();
    await producer.sendBatch(['c', 'd'].map((body) => ({ topic, body })));
    const second = await scene().collect(topic, { group });
    await eventuallyHas(second.messages, 2);
    expect(bodiesOf(second.messages)).toEqual(['c', 'd']);
  });

  it('delivers again what a listener refuses or throws at, counting up', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const consumer = scene().consumer();
    const seen: string[] = [];
    consumer.subscribe(topic, 'again');
    consumer.listenConcurrently(([message]) => {
      seen.push(`${message.topic === topic ? 'same topic' : message.topic} ${message.body.toString()} ${message.reconsumeTimes}`);
      if (message.reconsumeTimes === 0 && message.body.toString() === 'throws') throw new Error('not now');
      return message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER', delayLevel: 1 } : { status: 'CONSUME_SUCCESS' };
    });
    await consumer.start();
    const { msgId } = await producer.send({ topic, body: 'refused', tag: 'again' });
    await eventually('the redelivery', () => (seen.length === 2 ? true : undefined), 60_000);
    expect(seen).toEqual(['same topic refused 0', 'same topic refused 1']);
    expect(msgId).toMatch(/./);
    await producer.send({ topic, body: 'throws', tag: 'again' });
    await eventually('the redelivery after an exception', () => (seen.length === 4 ? true : undefined), 60_000);
    expect(seen.slice(2)).toEqual(['same topic throws 0', 'same topic throws 1']);
  });

  it('dead-letters what was delivered too often', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('CG');
    const consumer = scene().consumer({ group, maxReconsumeTimes: 1 });
    let deliveries = 0;
    consumer.subscribe(topic, 'bad');
    consumer.listenConcurrently(() => {
      deliveries++;
      return { status: 'RECONSUME_LATER', delayLevel: 1 };
    });
    await consumer.start();
    await producer.send({ topic, body: 'poison', tag: 'bad' });
    await eventually('two deliveries', () => (deliveries === 2 ? true : undefined), 60_000);
    const dead = await scene().collect(`%DLQ%${group}`);
    await eventuallyHas(dead.messages, 1);
    expect(dead.messages[0].body.toString()).toBe('poison');
    expect(deliveries).toBe(2);
  });

  it('shares queues with a second member, and takes them back when it leaves', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('CG');
    const first = await scene().collect(topic, { group });
    const second = await scene().collect(topic, { group });
    const queuesOf = (consumer: typeof first.consumer): number => consumer.assignment().filter((queue) => queue.topic === topic).length;
    await eventually('two queues each', () => (queuesOf(first.consumer) === 2 && queuesOf(second.consumer) === 2 ? true : undefined), 60_000);
    await Promise.all(Array.from({ length: 40 }, (_, i) => producer.send({ topic, body: `s${i}` })));
    await eventually('all messages', () => (new Set([...first.messages, ...second.messages].map((message) => message.msgId)).size === 41 ? true : undefined), 60_000);
    expect(second.messages.length).toBeGreaterThanOrEqual(20);
    await second.consumer.shutdown();
    await eventually('four queues', () => (queuesOf(first.consumer) === 4 ? true : undefined), 60_000);
  });

  it('gives every broadcasting consumer everything, and remembers offsets in a file', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('BG');
    const options = (instanceName: string) => ({ group, instanceName, messageModel: 'BROADCASTING', offsetStoreDirectory: scene().directory }) as const;
    const one = await scene().collect(topic, options('one'));
    const two = await scene().collect(topic, options('two'));
    await producer.send({ topic, body: 'all' });
    await Promise.all([eventuallyHas(one.messages, 2), eventuallyHas(two.messages, 2)]);
    await one.consumer.shutdown();
    await producer.send({ topic, body: 'later' });
    const again = await scene().collect(topic, options('one'));
    await eventuallyHas(again.messages, 1);
    expect(bodiesOf(again.messages)).toEqual(['later']);
    await eventuallyHas(two.messages, 3);
  });

  it('waits for running listeners at shutdown and commits what they did', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const group = scene().name('CG');
    const consumer = scene().consumer({ group });
    let started = false;
    let finish: (() => void) | undefined;
    consumer.subscribe(topic);
    consumer.listenConcurrently(async () => {
      started = true;
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await consumer.start();
    await eventually('a running listener', () => (started ? true : undefined), 60_000);
    const shutdown = consumer.shutdown();
    finish?.();
    await shutdown;
    await producer.send({ topic, body: 'next' });
    const second = await scene().collect(topic, { group });
    await eventuallyHas(second.messages, 1);
    expect(bodiesOf(second.messages)).toEqual(['next']);
  });

  it('takes in a topic subscribed to while running', async () => {
    const producer = await scene().producer();
    const [first, second] = [await scene().topic(producer), await scene().topic(producer)];
    const { consumer, messages } = await scene().collect(first);
    await eventuallyHas(messages, 1);
    consumer.subscribe(second);
    await eventuallyHas(messages, 2);
    consumer.unsubscribe(second);
    await eventually('its queues are given up', () => (consumer.assignment().every((queue) => queue.topic !== second) ? true : undefined), 60_000);
  });
}
