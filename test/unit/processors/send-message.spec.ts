import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { sendBatchMessage } from '../../../lib/protocol/commands/message/send-batch-message.command.js';
import { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { encodeBatch } from '../../../lib/protocol/message/batch-codec.js';
import { encodeProperties } from '../../../lib/protocol/message/properties.js';
import { decodeRecord } from '../../../lib/protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { FakeChannel } from '../../support/fake-channel.js';
import { eventually } from '../../support/eventually.js';
import { ONEWAY, ProcessorBench } from '../../support/processor-bench.js';

describe('sending', () => {
  let bench: ProcessorBench;
  let producer: FakeChannel;

  beforeEach(() => {
    bench = new ProcessorBench();
    producer = bench.connect('10.0.0.9:50001');
  });

  afterEach(() => bench.close());

  const stored = (topic: string) => bench.store.recordsOf(topic).map((record) => decodeRecord(record, 0));

  it('creates the topic after its pattern, stores the message and answers with all fields', async () => {
    const response = await bench.send(producer, 'T1', 'hello', { TAGS: 'A', UNIQ_KEY: 'U1' }, { queueId: 3 });

    expect(response.code).toBe(ResponseCode.SUCCESS);
    expect(response.remark).toBeUndefined();
    expect(response.extFields).toEqual({
      msgId: '0A00000100002A9F0000000000000000',
      queueId: '3',
      queueOffset: '0',
      transactionId: 'U1',
      MSG_REGION: 'DefaultRegion',
      TRACE_ON: 'true',
    });
    expect(bench.state.topics.find('T1')).toMatchObject({ readQueueNums: 4, writeQueueNums: 4, perm: 6, attributes: {} });
    const [message] = stored('T1');
    expect(message).toMatchObject({
      queueId: 3,
      bornHost: { ip: '10.0.0.9', port: 50001 },
      storeHost: { ip: '10.0.0.1', port: 10911 },
      properties: { TAGS: 'A', UNIQ_KEY: 'U1', MSG_REGION: 'DefaultRegion', TRACE_ON: 'true', CLUSTER: 'C' },
    });
    expect(message.body.toString()).toBe('hello');
  });

  it('acknowledges no message to a new topic before the topic would survive a crash', async () => {
    const header = { producerGroup: 'PG', topic: 'NEW', defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0, sysFlag: 0, bornTimestamp: 7, flag: 0 };
    const file = join(bench.options.storePathRootDir, 'config/topics.json');
    const wasSafe: boolean[] = [];
    producer.reply = () => wasSafe.push(existsSync(file) && readFileSync(file, 'utf8').includes('"NEW"'));
    for (const body of ['a', 'b']) bench.post(producer, sendMessage, header, { body: Buffer.from(body) });
    await eventually('both answers', () => wasSafe.length === 2);
    expect(wasSafe).toEqual([true, true]);
    expect(bench.state.topics.persistedTopic('NEW')).toBeUndefined();
    expect(stored('NEW')).toHaveLength(2);
  });

  it('makes a unique key when the producer made none', async () => {
    const response = await bench.send(producer, 'T1', 'x');
    const [message] = stored('T1');
    expect(message.properties.UNIQ_KEY).toMatch(/^[0-9A-F]{32}$/);
    expect(response.extFields?.transactionId).toBe(message.properties.UNIQ_KEY);
  });

  it('replaces what a client says in the name of the broker, and drops pop receipts and pairs without a value', async () => {
    const properties = 'MSG_REGION\u0001evil\u0002CLUSTER\u0001other\u0002POP_CK\u00010 1 2\u0002EMPTY\u0001\u0002k\u0001v\u0002';
    await bench.send(producer, 'T1', 'x', {}, { properties });
    const { UNIQ_KEY: _, ...rest } = stored('T1')[0].properties;
    expect(rest).toEqual({ k: 'v', MSG_REGION: 'DefaultRegion', TRACE_ON: 'true', CLUSTER: 'C' });
  });

  it('closes an open last pair before it adds its own', async () => {
    await bench.send(producer, 'T1', 'x', {}, { properties: 'KEYS\u0001k1' });
    expect(stored('T1')[0].properties).toMatchObject({ KEYS: 'k1', CLUSTER: 'C' });
  });

  it('understands the old long field names', async () => {
    const header = { producerGroup: 'PG', topic: 'T1', defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 1, sysFlag: 0, bornTimestamp: 7, flag: 9 };
    const response = await bench.ask(producer, sendMessage, header, { body: Buffer.from('old') });
    expect(response.code).toBe(0);
    expect(stored('T1')[0]).toMatchObject({ queueId: 1, flag: 9, bornTimestamp: 7 });
  });

  it('chooses a queue when the producer leaves the choice', async () => {
    const response = await bench.send(producer, 'T1', 'x', {}, { queueId: -1 });
    expect(response.extFields?.queueId).toBe('2');
    expect(stored('T1')[0].queueId).toBe(2);
  });

  it('never answers one-way sends', async () => {
    await bench.send(producer, 'T1', 'first');
    const before = producer.replies.length;
    const header = { producerGroup: 'PG', topic: 'T1', defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0, sysFlag: 0, bornTimestamp: 7, flag: 9 };
    bench.post(producer, sendMessage, header, { body: Buffer.from('second'), ...ONEWAY });
    await eventually('the message', () => stored('T1').length === 2);
    await bench.send(producer, 'T1', 'third');
    expect(producer.replies.length).toBe(before + 1);
  });

  it.each([
    ['an unknown topic and no pattern', { topic: 'T1', defaultTopic: 'nope' }, ResponseCode.TOPIC_NOT_EXIST, /^topic\[T1\] not exist, apply first please!\nSee /],
    ['a queue that is not there', { topic: 'T1', queueId: 4 }, ResponseCode.INVALID_PARAMETER, /^request queueId\[4\] is illegal/],
    ['an illegal name', { topic: 'a/b' }, ResponseCode.INVALID_PARAMETER, /a\/b/],
    ['a name that is too long', { topic: 'x'.repeat(128) }, ResponseCode.INVALID_PARAMETER, /127/],
    ['the schedule topic', { topic: 'SCHEDULE_TOPIC_XXXX' }, ResponseCode.NO_PERMISSION, /^Sending message to topic\[SCHEDULE_TOPIC_XXXX\] is forbidden\.$/],
    ['the half topic', { topic: 'RMQ_SYS_TRANS_HALF_TOPIC' }, ResponseCode.NO_PERMISSION, /forbidden/],
  ])('refuses %s, with the fields producers read', async (_, header, code, remark) => {
    const response = await bench.send(producer, 'T1', 'x', {}, header);
    expect(response.code).toBe(code);
    expect(response.remark).toMatch(remark);
    expect(response.extFields).toMatchObject({ MSG_REGION: 'DefaultRegion', TRACE_ON: 'true' });
  });

  it('does not create topics when that is switched off, even with a pattern left in the file', async () => {
    const strict = new ProcessorBench({ options: { autoCreateTopicEnable: false } });
    const response = await strict.send(strict.connect(), 'T1', 'x');
    expect(response.code).toBe(ResponseCode.TOPIC_NOT_EXIST);
    await strict.close();
  });

  it('refuses ordered topics when the broker may not be written to', async () => {
    bench.options.brokerPermission = 4;
    bench.state.topics.createIfAbsent('ORDERED', 4, { order: true });
    const response = await bench.send(producer, 'ORDERED', 'x');
    expect(response).toMatchObject({ code: ResponseCode.NO_PERMISSION, remark: 'the broker[10.0.0.1] sending message is forbidden' });
  });

  it('answers bodies and properties that are too large with MESSAGE_ILLEGAL', async () => {
    bench.store.maxMessageSize = 10;
    const large = await bench.send(producer, 'T1', 'x'.repeat(11));
    expect(large.code).toBe(ResponseCode.MESSAGE_ILLEGAL);
    expect(large.remark).toMatch(/msg body length limit 4194304B, msg properties length limit 32KB/);
    const wordy = await bench.send(producer, 'T1', 'x', { KEYS: 'k'.repeat(32_767) });
    expect(wordy.code).toBe(ResponseCode.MESSAGE_ILLEGAL);
  });

  it.each([
    ['FLUSH_DISK_TIMEOUT', 10],
    ['SLAVE_NOT_AVAILABLE', 11],
    ['FLUSH_SLAVE_TIMEOUT', 12],
  ] as const)('answers %s together with the place of the message', async (status, code) => {
    bench.store.appendStatus = status;
    const response = await bench.send(producer, 'T1', 'x');
    expect(response.code).toBe(code);
    expect(response.extFields).toMatchObject({ queueId: '0', queueOffset: '0', MSG_REGION: 'DefaultRegion' });
  });

  it('answers SERVICE_NOT_AVAILABLE when the store cannot write', async () => {
    bench.store.failure = new RocketMqError('STORE_WRITE_FAILED', 'no space left');
    const response = await bench.send(producer, 'T1', 'x');
    expect(response.code).toBe(ResponseCode.SERVICE_NOT_AVAILABLE);
    expect(response.remark).toMatch(/no space left/);
  });

  it('refuses half messages and times as long as nobody serves them', async () => {
    const half = await bench.send(producer, 'T1', 'x', { TRAN_MSG: 'true', PGROUP: 'PG' }, { sysFlag: 4 });
    expect(half).toMatchObject({ code: ResponseCode.NO_PERMISSION, remark: 'the broker[10.0.0.1] sending transaction message is forbidden' });
    const timed = await bench.send(producer, 'T1', 'x', { TIMER_DELAY_SEC: '5' });
    expect(timed).toMatchObject({ code: ResponseCode.SYSTEM_ERROR, remark: 'accurate timer message is not enabled, timerWheelEnable is false' });
    expect(stored('T1')).toEqual([]);
  });

  describe('batches', () => {
    const header = (topic: string, properties = '') => ({
      producerGroup: 'PG',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 1,
      sysFlag: 0,
      bornTimestamp: 7,
      flag: 0,
      batch: true,
      properties,
    });
    const body = encodeBatch([{ body: Buffer.from('a'), properties: { UNIQ_KEY: 'U1' } }, { body: Buffer.from('b'), properties: { UNIQ_KEY: 'U2', TAGS: 'B' } }]);

    it('stores every message and names all ids', async () => {
      const response = await bench.ask(producer, sendBatchMessage, header('T1'), { body });
      expect(response.code).toBe(0);
      const ids = response.extFields?.msgId?.split(',') ?? [];
      expect(ids).toHaveLength(2);
      expect(ids[0]).toMatch(/0000000000000000$/);
      expect(stored('T1').map((message) => message.offsetMsgId)).toEqual(ids);
      expect(stored('T1').map(({ body: text, properties }) => [text.toString(), properties.UNIQ_KEY, properties.CLUSTER])).toEqual([
        ['a', 'U1', 'C'],
        ['b', 'U2', 'C'],
      ]);
      expect(response.extFields?.queueOffset).toBe('0');
    });

    it.each([
      ['retry topics', header('%RETRY%G'), /does not support retry group/],
      ['delays', header('T1', encodeProperties({ DELAY: '3' })), /delayed/],
    ])('refuses %s', async (_, batchHeader, remark) => {
      const response = await bench.ask(producer, sendBatchMessage, batchHeader, { body });
      expect(response.code).toBe(ResponseCode.MESSAGE_ILLEGAL);
      expect(response.remark).toMatch(remark);
    });

    it('refuses what is not a batch', async () => {
      const response = await bench.ask(producer, sendBatchMessage, header('T1'), { body: body.subarray(0, 20) });
      expect(response.code).toBe(ResponseCode.MESSAGE_ILLEGAL);
    });
  });

  describe('to a retry topic', () => {
    it('waits for its delay level as long as the message has not failed too often', async () => {
      const response = await bench.send(producer, '%RETRY%G', 'x', { DELAY: '4' }, { reconsumeTimes: 3, maxReconsumeTimes: 3 });
      expect(response.code).toBe(0);
      expect(stored('%RETRY%G')).toEqual([]);
      const [waiting] = stored('SCHEDULE_TOPIC_XXXX');
      expect(waiting).toMatchObject({ queueId: 3, reconsumeTimes: 3, properties: { REAL_TOPIC: '%RETRY%G', REAL_QID: '0', DELAY: '4' } });
    });

    it.each([
      ['the header', { reconsumeTimes: 4, maxReconsumeTimes: 3 }],
      ['the group', { reconsumeTimes: 17 }],
    ])('goes to the dead letters beyond the limit of %s', async (_, header) => {
      await bench.send(producer, '%RETRY%G', 'x', { DELAY: '4' }, header);
      expect(stored('%DLQ%G')).toHaveLength(1);
      expect(stored('%DLQ%G')[0].properties.DELAY).toBe('-1');
      expect(bench.state.topics.find('%DLQ%G')).toMatchObject({ writeQueueNums: 1, perm: 6 });
      expect(stored('SCHEDULE_TOPIC_XXXX')).toEqual([]);
    });

    it('takes no notice of the limit of clients too old to know it', async () => {
      await bench.send(producer, '%RETRY%G', 'x', { DELAY: '4' }, { reconsumeTimes: 4, maxReconsumeTimes: 3 }, { version: 100 });
      expect(stored('%DLQ%G')).toEqual([]);
    });

    it('goes to the dead letters at once when the group consumes in order', async () => {
      bench.state.locks.lock('G', [{ topic: 'T1', brokerName: 'broker-a', queueId: 0 }], 'c1');
      await bench.send(producer, '%RETRY%G', 'x', {}, { reconsumeTimes: 1 });
      expect(stored('%DLQ%G')).toHaveLength(1);
    });

    it('is refused for a group that may not be created', async () => {
      const strict = new ProcessorBench({ options: { autoCreateSubscriptionGroup: false } });
      const response = await strict.send(strict.connect(), '%RETRY%G', 'x');
      expect(response.code).toBe(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
      await strict.close();
    });
  });
});
