import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { litePullMessage } from '../../../lib/protocol/commands/message/lite-pull-message.command.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { invokeBrokerToResetOffset } from '../../../lib/protocol/commands/admin/invoke-broker-to-reset-offset.command.js';
import { updateConsumerOffset } from '../../../lib/protocol/commands/offset/update-consumer-offset.command.js';
import { decodeRecords } from '../../../lib/protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { eventually } from '../../support/eventually.js';
import type { FakeChannel } from '../../support/fake-channel.js';
import { bodyOf, ProcessorBench } from '../../support/processor-bench.js';

describe('pulling', () => {
  let bench: ProcessorBench;
  let producer: FakeChannel;
  let consumer: FakeChannel;

  beforeEach(async () => {
    bench = new ProcessorBench();
    producer = bench.connect();
    consumer = bench.connect('10.0.0.8:40000');
    await bench.send(producer, 'T1', 'm0', { TAGS: 'A' });
    await bench.send(producer, 'T1', 'm1', { TAGS: 'B' });
    await bench.send(producer, 'T1', 'm2', { TAGS: 'A' });
    await bench.heartbeat(consumer, 'c1', 'G', { T1: '*', OTHER: 'A || C' });
  });

  afterEach(() => bench.close());

  const texts = (response: Parameters<typeof bodyOf>[0]) => decodeRecords(bodyOf(response)).map(({ body }) => body.toString());

  it('answers the stored records with all offsets', async () => {
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 1));
    expect(response.code).toBe(ResponseCode.SUCCESS);
    expect(response.remark).toBe('FOUND');
    expect(response.extFields).toEqual({ suggestWhichBrokerId: '0', nextBeginOffset: '3', minOffset: '0', maxOffset: '3', topicSysFlag: '0', groupSysFlag: '0' });
    expect(texts(response)).toEqual(['m1', 'm2']);
  });

  it('limits the number of messages', async () => {
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 0, { maxMsgNums: 2 }));
    expect(texts(response)).toEqual(['m0', 'm1']);
    expect(response.extFields?.nextBeginOffset).toBe('2');
  });

  it('answers the same when the store has to read from disk', async () => {
    bench.store.readsAsynchronously = true;
    expect(texts(await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 2)))).toEqual(['m2']);
  });

  it('filters by the tags of the heartbeat', async () => {
    await bench.heartbeat(consumer, 'c1', 'G2', { T1: 'B || X' });
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G2', 'T1', 0));
    expect(texts(response)).toEqual(['m1']);
    expect(response.extFields?.nextBeginOffset).toBe('3');
  });

  it('filters by the subscription a pull carries, without any heartbeat', async () => {
    const header = bench.pullHeader('PULLERS', 'T1', 0, { sysFlag: 4, subscription: 'A' });
    expect(texts(await bench.ask(consumer, litePullMessage, header))).toEqual(['m0', 'm2']);
    expect(bench.state.consumers.subscriptionOf('PULLERS', 'T1')?.tagsSet).toEqual(['A']);
  });

  it('says how far it looked when nothing matched', async () => {
    await bench.heartbeat(consumer, 'c1', 'G2', { T1: 'NONE' });
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G2', 'T1', 0));
    expect(response).toMatchObject({ code: ResponseCode.PULL_RETRY_IMMEDIATELY, remark: 'NO_MATCHED_MESSAGE' });
    expect(response.extFields).toMatchObject({ nextBeginOffset: '3', minOffset: '0', maxOffset: '3', suggestWhichBrokerId: '0' });
  });

  it.each([
    ['the end', 3, 0, ResponseCode.PULL_NOT_FOUND, 'OFFSET_OVERFLOW_ONE', '3'],
    ['beyond the end', 9, 0, ResponseCode.PULL_OFFSET_MOVED, 'OFFSET_OVERFLOW_BADLY', '3'],
    ['an empty queue', 0, 1, ResponseCode.PULL_NOT_FOUND, 'NO_MESSAGE_IN_QUEUE', '0'],
    ['an offset of an empty queue', 5, 1, ResponseCode.PULL_OFFSET_MOVED, 'NO_MESSAGE_IN_QUEUE', '0'],
  ])('answers a pull from %s that may not be held', async (_, offset, queueId, code, remark, next) => {
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', offset, { queueId, sysFlag: 0 }));
    expect(response).toMatchObject({ code, remark });
    expect(response.extFields).toMatchObject({ nextBeginOffset: next, suggestWhichBrokerId: '0' });
    expect(response.extFields?.minOffset).toBeDefined();
    expect(response.extFields?.maxOffset).toBeDefined();
  });

  it('sends readers of expired messages to the first that is there', async () => {
    bench.store.expireBefore('T1', 0, 2);
    const response = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 0));
    expect(response).toMatchObject({ code: ResponseCode.PULL_OFFSET_MOVED, remark: 'OFFSET_TOO_SMALL' });
    expect(response.extFields).toMatchObject({ nextBeginOffset: '2', minOffset: '2' });
  });

  it('refuses in the order and with the codes clients expect', async () => {
    const pull = (group: string, topic: string, rest = {}) => bench.ask(consumer, pullMessage, bench.pullHeader(group, topic, 0, rest));
    expect(await pull('G', 'NOPE')).toMatchObject({ code: ResponseCode.TOPIC_NOT_EXIST });
    expect(await pull('G', 'T1', { queueId: 4 })).toMatchObject({ code: ResponseCode.INVALID_PARAMETER });
    expect(await pull('OFFLINE', 'T1')).toMatchObject({ code: ResponseCode.SUBSCRIPTION_NOT_EXIST });
    expect(await pull('G', 'BenchmarkTest')).toMatchObject({ code: ResponseCode.SUBSCRIPTION_NOT_EXIST });
    expect(await pull('G', 'T1', { subVersion: 2 })).toMatchObject({ code: ResponseCode.SUBSCRIPTION_NOT_LATEST });
    expect(await pull('G', 'T1', { sysFlag: 4, subscription: '||' })).toMatchObject({ code: ResponseCode.SUBSCRIPTION_PARSE_FAILED });
    expect(await pull('G', 'T1', { sysFlag: 4, subscription: 'a > 1', expressionType: 'SQL92' })).toMatchObject({
      code: ResponseCode.SYSTEM_ERROR,
      remark: 'The broker does not support consumer to filter message by SQL92',
    });
  });

  it('refuses consumers that pull by themselves when the broker is told to, but not the tools', async () => {
    bench.options.rejectPullConsumerEnable = true;
    const pull = (group: string) => bench.ask(consumer, pullMessage, bench.pullHeader(group, 'T1', 0, { sysFlag: 4, subscription: '*' }));
    expect(await pull('PULLERS')).toMatchObject({ code: ResponseCode.SUBSCRIPTION_NOT_EXIST });
    expect(await pull('TOOLS_CONSUMER')).toMatchObject({ code: 0 });
    expect(await pull('G')).toMatchObject({ code: 0 });
    await bench.heartbeat(consumer, 'c1', 'PULLERS', { T1: '*' }, { consumeType: 'CONSUME_ACTIVELY' });
    expect(bench.state.consumers.find('PULLERS')).toBeUndefined();
  });

  it('refuses everything on a slave that may not serve, and sends on any slave', async () => {
    bench.options.brokerRole = 'SLAVE';
    const refusal = { code: ResponseCode.SYSTEM_BUSY, remark: '[REJECTREQUEST]system busy, start flow control for a while' };
    expect(await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 0))).toMatchObject(refusal);
    expect(await bench.send(producer, 'T1', 'x')).toMatchObject(refusal);
    bench.options.slaveReadEnable = true;
    bench.options.brokerId = 1;
    const read = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 0));
    expect(read).toMatchObject({ code: 0, extFields: { suggestWhichBrokerId: '0' } });
    expect(await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 3))).toMatchObject({ code: ResponseCode.PULL_RETRY_IMMEDIATELY });
  });

  it('says what forbids a pull', async () => {
    const pull = (group: string) => bench.ask(consumer, pullMessage, bench.pullHeader(group, 'T1', 0));
    const groupConfig = bench.state.groups.find('G');
    if (groupConfig === undefined) throw new Error('the group is missing');
    bench.state.groups.setReadForbidden('G', 'T1', true);
    expect(await pull('G')).toMatchObject({ code: ResponseCode.NO_PERMISSION, extFields: { forbiddenType: '5' } });
    await bench.heartbeat(consumer, 'c1', 'CAST', { T1: '*' }, { messageModel: 'BROADCASTING' });
    bench.state.groups.update([{ ...groupConfig, groupName: 'CAST', consumeBroadcastEnable: false, attributes: {} }]);
    expect(await pull('CAST')).toMatchObject({ code: ResponseCode.NO_PERMISSION, extFields: { forbiddenType: '4' } });
    bench.state.topics.update([{ topicName: 'T1', readQueueNums: 4, writeQueueNums: 4, perm: 2, topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, attributes: {} }]);
    expect(await pull('G')).toMatchObject({ code: ResponseCode.NO_PERMISSION, extFields: { forbiddenType: '3' } });
    bench.state.groups.update([{ ...groupConfig, consumeEnable: false, attributes: {} }]);
    expect(await pull('G')).toMatchObject({ code: ResponseCode.NO_PERMISSION, extFields: { forbiddenType: '2' } });
    bench.options.brokerPermission = 2;
    expect(await pull('G')).toMatchObject({ code: ResponseCode.NO_PERMISSION, extFields: { forbiddenType: '1' } });
  });

  it('stores the offset that comes with a pull, and how far was pulled', async () => {
    await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 2, { sysFlag: 3, commitOffset: 2 }));
    expect(bench.state.offsets.query('G', 'T1', 0)).toBe(2);
    expect(bench.state.offsets.queryPulled('G', 'T1', 0)).toBe(3);
  });

  it('sends those far behind to a slave when there may be one', async () => {
    const slaveReads = new ProcessorBench({ options: { slaveReadEnable: true } });
    slaveReads.store.behindMemory = true;
    const channel = slaveReads.connect();
    await slaveReads.send(channel, 'T1', 'x');
    const header = slaveReads.pullHeader('G', 'T1', 0, { sysFlag: 4, subscription: '*' });
    expect((await slaveReads.ask(channel, pullMessage, header)).extFields?.suggestWhichBrokerId).toBe('1');
    slaveReads.store.behindMemory = false;
    expect((await slaveReads.ask(channel, pullMessage, header)).extFields?.suggestWhichBrokerId).toBe('0');
    await slaveReads.close();
  });

  describe('that is held', () => {
    const held = async (count = 1) => eventually('the pull to be held', () => bench.state.waiters.size === count, 5_000, 1);

    it('is answered by the next message, once, and not held again', async () => {
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G', 'T1', 3));
      await held();
      expect(bench.answerTo(consumer, request)).toBeUndefined();
      await bench.send(producer, 'T1', 'm3');
      const response = await eventually('the answer', () => bench.answerTo(consumer, request), 5_000, 1);
      expect(texts(response)).toEqual(['m3']);
      await bench.send(producer, 'T1', 'm4');
      expect(consumer.replies.filter((reply) => reply.request === request)).toHaveLength(1);
      expect(bench.state.waiters.size).toBe(0);
    });

    it('is answered PULL_NOT_FOUND when its time is up', async () => {
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G', 'T1', 3, { suspendTimeoutMillis: 20_000 }));
      await held();
      await bench.clock.advanceAsync(19_999);
      expect(bench.answerTo(consumer, request)).toBeUndefined();
      await bench.clock.advanceAsync(1);
      const response = await eventually('the answer', () => bench.answerTo(consumer, request), 5_000, 1);
      expect(response).toMatchObject({ code: ResponseCode.PULL_NOT_FOUND, extFields: { nextBeginOffset: '3' } });
    });

    it('stays held while only other tags arrive, then says how far it looked', async () => {
      await bench.heartbeat(consumer, 'c1', 'G2', { T1: 'RARE' });
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G2', 'T1', 3));
      await held();
      await bench.send(producer, 'T1', 'm3', { TAGS: 'COMMON' });
      expect(bench.answerTo(consumer, request)).toBeUndefined();
      await bench.clock.advanceAsync(5_000);
      const response = await eventually('the answer', () => bench.answerTo(consumer, request), 5_000, 1);
      expect(response).toMatchObject({ code: ResponseCode.PULL_RETRY_IMMEDIATELY, extFields: { nextBeginOffset: '4' } });
    });

    it('is told at once of an offset an operator sets', async () => {
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G', 'T1', 3));
      await held();
      await bench.ask(producer, invokeBrokerToResetOffset, { topic: 'T1', group: 'G', queueId: -1, timestamp: 0, isForce: true });
      const response = await eventually('the answer', () => bench.answerTo(consumer, request), 5_000, 1);
      expect(response).toMatchObject({ code: ResponseCode.PULL_OFFSET_MOVED, remark: 'OFFSET_RESET', extFields: { nextBeginOffset: '0' } });
    });

    it('does not store its offset a second time, over one the consumer has committed meanwhile', async () => {
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G', 'T1', 3, { sysFlag: 3, commitOffset: 1 }));
      await held();
      await bench.ask(consumer, updateConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0, commitOffset: 3 });
      await bench.send(producer, 'T1', 'm3');
      await eventually('the answer', () => bench.answerTo(consumer, request), 5_000, 1);
      expect(bench.state.offsets.query('G', 'T1', 0)).toBe(3);
    });

    it('is dropped with its connection', async () => {
      const request = bench.post(consumer, pullMessage, bench.pullHeader('G', 'T1', 3));
      await held();
      consumer.close();
      expect(bench.state.waiters.size).toBe(0);
      await bench.send(producer, 'T1', 'm3');
      expect(bench.answerTo(consumer, request)).toBeUndefined();
    });

    it('is held for a second, whatever comes, when long polling is off', async () => {
      const short = new ProcessorBench({ options: { longPollingEnable: false } });
      const channel = short.connect();
      await short.send(channel, 'T1', 'x');
      const request = short.post(channel, pullMessage, short.pullHeader('G', 'T1', 1, { sysFlag: 6, subscription: '*' }));
      await short.send(channel, 'T1', 'y');
      expect(short.answerTo(channel, request)).toBeUndefined();
      await short.clock.advanceAsync(1_000);
      expect(texts(await eventually('the answer', () => short.answerTo(channel, request), 5_000, 1))).toEqual(['y']);
      await short.close();
    });
  });

  it('tells the consumer an offset an operator has set, once, and ignores commits until then', async () => {
    bench.state.offsets.commit('G', 'T1', 0, 3);
    const reset = await bench.ask(producer, invokeBrokerToResetOffset, { topic: 'T1', group: 'G', queueId: 0, offset: 1, timestamp: -1, isForce: true });
    expect(reset.code).toBe(0);
    const commit = await bench.ask(consumer, updateConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0, commitOffset: 3 });
    expect(commit).toMatchObject({ code: 0, remark: 'Offset has been previously reset' });
    expect(bench.state.offsets.query('G', 'T1', 0)).toBe(1);
    const pull = await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 3));
    expect(pull).toMatchObject({ code: ResponseCode.PULL_OFFSET_MOVED, remark: 'OFFSET_RESET', extFields: { nextBeginOffset: '1', minOffset: '0', maxOffset: '3' } });
    expect(texts(await bench.ask(consumer, pullMessage, bench.pullHeader('G', 'T1', 1)))).toEqual(['m1', 'm2']);
    await bench.ask(consumer, updateConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0, commitOffset: 3 });
    expect(bench.state.offsets.query('G', 'T1', 0)).toBe(3);
  });
});
