import { expect, it } from 'vitest';
import { eventually } from '../../eventually.js';
import { bodiesOf } from './client-scene.js';
import type { ClientScene } from './client-scene.js';

/** What a pull consumer and request-reply must be able to do. */
export function pullScenarios(scene: () => ClientScene): void {
  it('reads queues, offsets and times at its own pace', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const consumer = await scene().pullConsumer();
    const queue = (await consumer.queuesOf(topic))[1];
    const start = await consumer.maxOffset(queue);
    for (const body of ['a', 'b', 'c']) await producer.send({ topic, body, tag: body }, { queue });
    const found = await consumer.pull(queue, start);
    expect(found).toMatchObject({ status: 'FOUND', nextBeginOffset: start + 3, maxOffset: start + 3 });
    expect(bodiesOf(found.messages)).toEqual(['a', 'b', 'c']);
    expect((await consumer.pull(queue, start, { maxMessages: 2 })).messages).toHaveLength(2);
    expect(bodiesOf((await consumer.pull(queue, start, { filter: 'b' })).messages)).toEqual(['b']);
    expect(await consumer.pull(queue, start + 3)).toMatchObject({ status: 'NO_NEW_MSG', nextBeginOffset: start + 3, messages: [] });
    expect(await consumer.pull(queue, start + 50)).toMatchObject({ status: 'OFFSET_ILLEGAL' });
    expect(await consumer.minOffset(queue)).toBe(0);
    expect(await consumer.offsetAt(queue, 0)).toBe(0);
    await consumer.commitOffset(queue, start + 2);
    await eventually('the committed offset', async () => ((await consumer.committedOffset(queue)) === start + 2 ? true : undefined));
  });

  it('waits at the broker for a message to come', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const consumer = await scene().pullConsumer();
    const queue = (await consumer.queuesOf(topic))[0];
    const waiting = consumer.pull(queue, await consumer.maxOffset(queue), { waitMs: 20_000 });
    await producer.send({ topic, body: 'awaited' }, { queue });
    expect(bodiesOf((await waiting).messages)).toEqual(['awaited']);
  });

  it('gets a reply to a request, and an error when nobody replies', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const replier = await scene().producer();
    const consumer = scene().consumer();
    consumer.subscribe(topic, 'ask');
    consumer.listenConcurrently(async ([message]) => void (await replier.reply(message, `re: ${message.body.toString()}`, { extra: 'yes' })));
    await consumer.start();
    const replies = await Promise.all(['one', 'two', 'three'].map((body) => producer.request({ topic, body, tag: 'ask' }, 30_000)));
    expect(replies.map((reply) => reply.body.toString())).toEqual(['re: one', 're: two', 're: three']);
    expect(replies[0].properties.extra).toBe('yes');
    await expect(producer.request({ topic, body: 'x', tag: 'nobody listens' }, 300)).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' });
  });
}
