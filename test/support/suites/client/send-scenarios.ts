import { expect, it } from 'vitest';
import { bodiesOf, eventuallyHas } from './client-scene.js';
import type { ClientScene } from './client-scene.js';

/** What a producer must be able to do. */
export function sendScenarios(scene: () => ClientScene): void {
  it('creates a topic by its first message, and tells where each message is', async () => {
    const producer = await scene().producer();
    const topic = scene().name('T');
    const first = await producer.send({ topic, body: 'hello', tag: 'a', keys: ['k1', 'k2'], properties: { colour: 'grün' } });
    expect(first).toMatchObject({ sendStatus: 'SEND_OK', queueOffset: 0, regionId: 'DefaultRegion', messageQueue: { topic } });
    expect(first.msgId).toMatch(/^[0-9A-F]{32}$/);
    expect(first.offsetMsgId).toMatch(/^[0-9A-F]{32}$/);
    const { messages } = await scene().collect(topic);
    await eventuallyHas(messages, 1);
    expect(messages[0]).toMatchObject({ topic, msgId: first.msgId, offsetMsgId: first.offsetMsgId, reconsumeTimes: 0 });
    expect(messages[0].properties).toMatchObject({ TAGS: 'a', KEYS: 'k1 k2', colour: 'grün' });
    expect(messages[0].body.toString()).toBe('hello');
  });

  it('shares messages out over all queues', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const results = await Promise.all(Array.from({ length: 40 }, (_, i) => producer.send({ topic, body: String(i) })));
    const perQueue = new Map<number, number>();
    for (const { messageQueue } of results) perQueue.set(messageQueue.queueId, (perQueue.get(messageQueue.queueId) ?? 0) + 1);
    expect([...perQueue.values()]).toEqual([10, 10, 10, 10]);
  });

  it('sends to the queue it is told, by name, selector or sharding key', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const queues = await producer.queuesOf(topic);
    expect(queues).toHaveLength(4);
    for (const queue of queues) expect((await producer.send({ topic, body: 'x' }, { queue })).messageQueue).toEqual(queue);
    expect((await producer.send({ topic, body: 'x' }, { selector: (all) => all[2] })).messageQueue).toEqual(queues[2]);
    const keyed = await Promise.all(Array.from({ length: 8 }, () => producer.send({ topic, body: 'x', shardingKey: 'customer-7' })));
    expect(new Set(keyed.map((result) => result.messageQueue.queueId)).size).toBe(1);
  });

  it('sends a batch as one request that arrives as single messages', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const result = await producer.sendBatch(['a', 'b', 'c'].map((body) => ({ topic, body, tag: 'batch' })));
    expect(result.msgId.split(',')).toHaveLength(3);
    expect(result.offsetMsgId.split(',')).toHaveLength(3);
    const { messages } = await scene().collect(topic, { filter: 'batch' });
    await eventuallyHas(messages, 3);
    expect(bodiesOf(messages)).toEqual(['a', 'b', 'c']);
    expect(messages.map((message) => message.msgId).sort()).toEqual(result.msgId.split(',').sort());
  });

  it('sends one-way', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    await Promise.all(Array.from({ length: 20 }, (_, i) => producer.sendOneway({ topic, body: `o${i}` })));
    const { messages } = await scene().collect(topic);
    await eventuallyHas(messages, 21);
  });

  it('compresses large bodies and gets them back as they were', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const body = 'compressible '.repeat(2_000);
    await producer.send({ topic, body, tag: 'large' });
    const { messages } = await scene().collect(topic, { filter: 'large' });
    await eventuallyHas(messages, 1);
    expect(messages[0].body.toString()).toBe(body);
    expect(messages[0].storeSize).toBeLessThan(body.length / 4);
  });

  it('delays by level', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const { messages } = await scene().collect(topic, { filter: 'delayed' });
    await producer.send({ topic, body: 'level', tag: 'delayed', delayTimeLevel: 1 });
    await eventuallyHas(messages, 1);
    expect(messages[0].storeTimestamp - messages[0].bornTimestamp).toBeGreaterThanOrEqual(900);
  });

  it('keeps thousands of sends in flight and acknowledges every one', async () => {
    const producer = await scene().producer({ sendTimeoutMs: 60_000 });
    const topic = await scene().topic(producer);
    const results = await Promise.all(Array.from({ length: 3_000 }, (_, i) => producer.send({ topic, body: `m${i}` })));
    expect(new Set(results.map((result) => result.offsetMsgId)).size).toBe(3_000);
    const { messages } = await scene().collect(topic, { concurrency: 100 });
    await eventuallyHas(messages, 3_001);
    expect(new Set(messages.map((message) => message.msgId)).size).toBe(3_001);
  });

  it('reports a message the broker refuses, without trying again', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const failure = await producer.send({ topic, body: 'x' }, { queue: { topic, brokerName: (await producer.queuesOf(topic))[0].brokerName, queueId: 999 } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SEND_FAILED', retryable: false, details: { topic, attempts: 1, responseCode: 29 } });
  });
}
