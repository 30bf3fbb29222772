import { expect, it } from 'vitest';
import { jsonCodec, rawCodec, textCodec } from '../../../../lib/nest/codec/payload-codec.js';
import { RocketRecordBuilder } from '../../../../lib/nest/producer/rocket-record.js';
import { RocketTemplate } from '../../../../lib/nest/producer/rocket-template.js';
import { VirtualClock } from '../../../support/virtual-clock.js';
import { FakeCluster } from '../../../support/nest/fake-cluster.js';

function templateOn(cluster = new FakeCluster()) {
  const template = new RocketTemplate(cluster.createProducer({ nameServers: 'ns:9876' }), jsonCodec, new VirtualClock(1_000_000), 50);
  return { cluster, template };
}

it('sends a DTO as JSON with tag, keys, sharding key and properties, and gives the SendResult', async () => {
  const { cluster, template } = templateOn();
  const result = await template.send('orders:paid', { id: 1 }, { keys: ['o1', 'a1'], shardingKey: 'a1', properties: { tenant: 'acme' }, flag: 7 });
  expect(result).toMatchObject({ sendStatus: 'SEND_OK', msgId: 'M0', queueOffset: 0, messageQueue: { topic: 'orders' } });
  const [message] = cluster.topic('orders');
  expect(message.body.toString()).toBe('{"id":1}');
  expect(message.flag).toBe(7);
  expect(message.properties).toEqual({ TAGS: 'paid', KEYS: 'o1 a1', __SHARDINGKEY: 'a1', tenant: 'acme' });
});

it('takes a message in one piece, and records', async () => {
  const { cluster, template } = templateOn();
  await template.send({ destination: 'orders', payload: { id: 1 }, tag: 'paid' });
  await template.send('orders:ignored', new RocketRecordBuilder({ id: 2 }).tag('refunded').keys('o2').build());
  expect(cluster.topic('orders').map(({ properties }) => properties)).toEqual([{ TAGS: 'paid' }, { TAGS: 'refunded', KEYS: 'o2' }]);
});

it.each([
  ['a delay', { delayMs: 1500.4 }, '1001500'],
  ['a time', { deliverAt: 2_000_000 }, '2000000'],
  ['a date', { deliverAt: new Date(2_000_001) }, '2000001'],
])('delivers later, by %s', async (_, options, expected) => {
  const { cluster, template } = templateOn();
  await template.send('orders', {}, options);
  expect(cluster.topic('orders')[0].properties['TIMER_DELIVER_MS']).toBe(expected);
});

it('refuses contradictory times and destinations without a topic, before anything is sent', async () => {
  const { cluster, template } = templateOn();
  await expect(template.send('orders', {}, { delayMs: 1, deliverAt: 2 })).rejects.toThrow('more than one of delayMs, deliverAt and delayLevel');
  await expect(template.send('orders', {}, { delayMs: -1 })).rejects.toThrow('delayMs is -1');
  await expect(template.send(':paid', {})).rejects.toThrow('must be "topic" or "topic:tag"');
  await expect(template.send('orders', undefined)).rejects.toMatchObject({ code: 'PAYLOAD_INVALID' });
  expect(cluster.stored).toEqual([]);
});

it('sends batches in one request, each with its own options, and one-way messages', async () => {
  const { cluster, template } = templateOn();
  const { msgId } = await template.sendBatch('orders:paid', [{ id: 1 }, new RocketRecordBuilder({ id: 2 }).keys('o2').build()]);
  await template.sendOneway('orders', { id: 3 });
  expect(msgId).toBe('M0,M1');
  expect(cluster.topic('orders').map(({ body, properties }) => [body.toString(), properties])).toEqual([
    ['{"id":1}', { TAGS: 'paid' }],
    ['{"id":2}', { TAGS: 'paid', KEYS: 'o2' }],
    ['{"id":3}', {}],
  ]);
});

it('writes payloads by the codec of the call', async () => {
  const { cluster, template } = templateOn();
  await template.send('t', 'plain', { codec: textCodec });
  await template.send('t', Buffer.from([1, 2]));
  await template.send('t', 'raw', { codec: rawCodec });
  expect(cluster.topic('t').map(({ body }) => [...body])).toEqual([[...Buffer.from('plain')], [1, 2], [...Buffer.from('raw')]]);
  await expect(template.send('t', {}, { codec: rawCodec })).rejects.toThrow('rawCodec sends bytes or text, not object');
});

it('gives up a request without a reply', async () => {
  await expect(templateOn().template.request('nobody', {})).rejects.toThrow('no reply in 50 ms');
});

it('tries a failed start again, and refuses sends after it was closed', async () => {
  const { cluster, template } = templateOn();
  const [producer] = cluster.producers;
  const start = producer.start.bind(producer);
  producer.start = () => Promise.reject(new Error('not yet'));
  await expect(template.send('orders', {})).rejects.toThrow('not yet');
  producer.start = start;
  await template.send('orders', {});
  await template.close();
  await expect(template.send('orders', {})).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
});
