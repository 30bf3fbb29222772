import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { decodeConsumerConnection } from '../../../lib/protocol/body/consumer-connection.js';
import { decodeConsumerList } from '../../../lib/protocol/body/consumer-list.js';
import { encodeHeartbeatData, type HeartbeatData } from '../../../lib/protocol/body/heartbeat-data.js';
import { decodeLockBatchResponse, encodeLockBatchRequest } from '../../../lib/protocol/body/lock-batch.js';
import { decodeProducerConnection } from '../../../lib/protocol/body/producer-connection.js';
import { buildSubscriptionData, encodeCheckClientConfigBody } from '../../../lib/protocol/body/subscription-data.js';
import { getConsumerConnectionList } from '../../../lib/protocol/commands/admin/get-consumer-connection-list.command.js';
import { getProducerConnectionList } from '../../../lib/protocol/commands/admin/get-producer-connection-list.command.js';
import { checkClientConfig } from '../../../lib/protocol/commands/client/check-client-config.command.js';
import { consumeMessageDirectly } from '../../../lib/protocol/commands/client/consume-message-directly.command.js';
import { getConsumerListByGroup } from '../../../lib/protocol/commands/client/get-consumer-list-by-group.command.js';
import { getConsumerRunningInfo } from '../../../lib/protocol/commands/client/get-consumer-running-info.command.js';
import { heartBeat } from '../../../lib/protocol/commands/client/heart-beat.command.js';
import { lockBatchMq } from '../../../lib/protocol/commands/client/lock-batch-mq.command.js';
import { unlockBatchMq } from '../../../lib/protocol/commands/client/unlock-batch-mq.command.js';
import { unregisterClient } from '../../../lib/protocol/commands/client/unregister-client.command.js';
import { sendReplyMessageV2 } from '../../../lib/protocol/commands/message/send-reply-message-v2.command.js';
import { encodeProperties } from '../../../lib/protocol/message/properties.js';
import { RequestCode } from '../../../lib/protocol/request-code.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { OutgoingRequest } from '../../../lib/remoting/remoting-channel.js';
import { type FakeChannel, incoming } from '../../support/fake-channel.js';
import { bodyOf, ProcessorBench } from '../../support/processor-bench.js';

describe('clients', () => {
  let bench: ProcessorBench;
  let a: FakeChannel;
  let b: FakeChannel;

  beforeEach(() => {
    bench = new ProcessorBench();
    a = bench.connect('10.0.0.1:1');
    b = bench.connect('10.0.0.2:2');
  });

  afterEach(() => bench.close());

  const notices = (channel: FakeChannel): unknown[] => channel.sent.filter(({ code }) => code === RequestCode.NOTIFY_CONSUMER_IDS_CHANGED).map(({ extFields }) => extFields);
  const beat = (data: Partial<HeartbeatData>) =>
    bench.ask(a, heartBeat, {}, { body: encodeHeartbeatData({ clientID: 'c1', producerDataSet: [], consumerDataSet: [], heartbeatFingerprint: 0, withoutSub: false, ...data }) });
  const consumer = (group: string, topics: string[]) => ({
    groupName: group,
    consumeType: 'CONSUME_PASSIVELY' as const,
    messageModel: 'CLUSTERING' as const,
    consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' as const,
    subscriptionDataSet: topics.map((topic) => buildSubscriptionData(topic, '*', 'TAG', 1)),
    unitMode: false,
  });

  describe('by their heartbeats', () => {
    it('make their group and its retry topic, safe on disk before the answer', async () => {
      const response = await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      expect(response).toMatchObject({ code: 0, extFields: { IS_SUPPORT_HEART_BEAT_V2: 'true', IS_SUB_CHANGE: 'true' } });
      expect(bench.state.topics.find('%RETRY%G')).toMatchObject({ writeQueueNums: 1, readQueueNums: 1, perm: 6, order: false });
      expect([bench.state.topics.persisted(), bench.state.groups.persisted()]).toEqual([undefined, undefined]);
    });

    it('make an ordered retry topic when they read an ordered topic', async () => {
      bench.state.topics.createIfAbsent('ORDERED', 4, { order: true });
      await bench.heartbeat(a, 'c1', 'G', { ORDERED: '*' });
      expect(bench.state.topics.isOrdered('%RETRY%G')).toBe(true);
    });

    it('are told of each other', async () => {
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      await bench.heartbeat(b, 'c2', 'G', { T1: '*' });
      expect(notices(a)).toEqual([{ consumerGroup: 'G' }, { consumerGroup: 'G' }]);
      expect(notices(b)).toEqual([{ consumerGroup: 'G' }]);
      a.close();
      expect(notices(b)).toHaveLength(2);
    });

    it('are told nothing when the broker or the group does not want it', async () => {
      bench.options.notifyConsumerIdsChangedEnable = false;
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      bench.options.notifyConsumerIdsChangedEnable = true;
      const config = bench.state.groups.find('QUIET');
      if (config === undefined) throw new Error('the group is missing');
      bench.state.groups.update([{ ...config, notifyConsumerIdsChangedEnable: false, attributes: {} }]);
      await bench.heartbeat(a, 'c1', 'QUIET', { T1: '*' });
      expect(notices(a)).toEqual([]);
    });

    it('may leave out subscriptions the broker has, told by a fingerprint', async () => {
      expect((await beat({ heartbeatFingerprint: 7, consumerDataSet: [consumer('G', ['T1'])] })).extFields).toMatchObject({ IS_SUB_CHANGE: 'false' });
      const without = await beat({ heartbeatFingerprint: 7, withoutSub: true, consumerDataSet: [consumer('G', [])] });
      expect(without.extFields).toMatchObject({ IS_SUB_CHANGE: 'false' });
      expect(bench.state.consumers.subscriptionOf('G', 'T1')).toBeDefined();
      expect((await beat({ heartbeatFingerprint: 8, withoutSub: true, consumerDataSet: [consumer('G', [])] })).extFields).toMatchObject({ IS_SUB_CHANGE: 'true' });
    });

    it('register producers, also with nothing but an id', async () => {
      await beat({ producerDataSet: [{ groupName: 'PG' }] });
      const list = await bench.ask(b, getProducerConnectionList, { producerGroup: 'PG' });
      expect(decodeProducerConnection(bodyOf(list)).connectionSet).toEqual([{ clientId: 'c1', clientAddr: '10.0.0.1:1', language: 'JAVA', version: 479 }]);
      expect((await bench.ask(a, heartBeat, {}, { body: Buffer.from('{"clientID":"c1"}') })).code).toBe(0);
    });

    it('are dropped when they are silent, and their connection closed', async () => {
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      await bench.clock.advanceAsync(120_000);
      await bench.heartbeat(b, 'c2', 'G', { T1: '*' });
      await bench.clock.advanceAsync(10_000);
      expect(a.closed.aborted).toBe(true);
      expect(bench.state.consumers.find('G')?.members().map(({ clientId }) => clientId)).toEqual(['c2']);
    });

    it('are answered an error when the body makes no sense', async () => {
      expect((await bench.ask(a, heartBeat, {}, { body: Buffer.from('{"clientID":') })).code).toBe(ResponseCode.SYSTEM_ERROR);
    });
  });

  it('leave their groups', async () => {
    await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
    await bench.heartbeat(b, 'c2', 'G', { T1: '*' });
    expect(await bench.ask(a, unregisterClient, { clientID: 'c1', consumerGroup: 'G' })).toMatchObject({ code: 0 });
    expect(notices(b)).toHaveLength(2);
    const list = await bench.ask(b, getConsumerListByGroup, { consumerGroup: 'G' });
    expect(decodeConsumerList(bodyOf(list))).toEqual({ consumerIdList: ['c2'] });
  });

  it('are listed with what they read; an offline group has codes of its own', async () => {
    await bench.heartbeat(a, 'c1', 'G', { T1: 'A || B' });
    const connections = decodeConsumerConnection(bodyOf(await bench.ask(b, getConsumerConnectionList, { consumerGroup: 'G' })));
    expect(connections).toMatchObject({
      connectionSet: [{ clientId: 'c1', clientAddr: '10.0.0.1:1', language: 'JAVA', version: 479 }],
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionTable: { T1: { subString: 'A || B', tagsSet: ['A', 'B'] } },
    });
    expect(await bench.ask(b, getConsumerConnectionList, { consumerGroup: 'OFF' })).toMatchObject({ code: 206, remark: 'the consumer group[OFF] not online' });
    expect(await bench.ask(b, getConsumerListByGroup, { consumerGroup: 'OFF' })).toMatchObject({ code: 1, remark: 'no consumer for this group, OFF' });
    expect(await bench.ask(b, getProducerConnectionList, { producerGroup: 'OFF' })).toMatchObject({ code: 1, remark: 'the producer group[OFF] not exist' });
  });

  it('lock and unlock queues', async () => {
    const mqSet = [0, 1].map((queueId) => ({ topic: 'T1', brokerName: 'broker-a', queueId }));
    const request = (clientId: string) => ({ body: encodeLockBatchRequest({ consumerGroup: 'G', clientId, mqSet, onlyThisBroker: false }) });
    expect(decodeLockBatchResponse(bodyOf(await bench.ask(a, lockBatchMq, {}, request('c1')))).lockOKMQSet).toEqual(mqSet);
    expect(decodeLockBatchResponse(bodyOf(await bench.ask(b, lockBatchMq, {}, request('c2')))).lockOKMQSet).toEqual([]);
    await bench.ask(a, unlockBatchMq, {}, request('c1'));
    expect(decodeLockBatchResponse(bodyOf(await bench.ask(b, lockBatchMq, {}, request('c2')))).lockOKMQSet).toEqual(mqSet);
  });

  it('learn before they start whether their filter is understood', async () => {
    const body = (type: string) => encodeCheckClientConfigBody({ clientId: 'c', group: 'G', subscriptionData: buildSubscriptionData('T1', 'a > 1', type, 1) });
    expect(await bench.ask(a, checkClientConfig, {}, { body: body('TAG') })).toMatchObject({ code: 0 });
    expect(await bench.ask(a, checkClientConfig, {}, { body: body('SQL92') })).toMatchObject({
      code: 1,
      remark: 'The broker does not support consumer to filter message by SQL92',
    });
  });

  describe('are asked on behalf of tools', () => {
    const answers = (channel: FakeChannel, answer: () => ReturnType<FakeChannel['invoke']>): OutgoingRequest[] => {
      const asked: OutgoingRequest[] = [];
      channel.invoke = (request) => (asked.push(request), answer());
      return asked;
    };

    it('how they are, and their answer comes back as it is', async () => {
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      const asked = answers(a, () => Promise.resolve(incoming(0, { k: 'v' }, { body: Buffer.from('info'), remark: 'fine' })));
      const response = await bench.ask(b, getConsumerRunningInfo, { consumerGroup: 'G', clientId: 'c1', jstackEnable: true });
      expect(asked).toMatchObject([{ code: 307, extFields: { consumerGroup: 'G', clientId: 'c1', jstackEnable: 'true' } }]);
      expect(response).toMatchObject({ code: 0, remark: 'fine', extFields: { k: 'v' } });
      expect(bodyOf(response).toString()).toBe('info');
    });

    it('to handle one message', async () => {
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      const msgId = (await bench.send(b, 'T1', 'work')).extFields?.msgId ?? '';
      const asked = answers(a, () => Promise.resolve(incoming(0)));
      const ask = (id: string) => bench.ask(b, consumeMessageDirectly, { consumerGroup: 'G', clientId: 'c1', msgId: id, topic: 'T1' });
      expect((await ask(msgId)).code).toBe(0);
      expect(asked[0]).toMatchObject({ code: 309, extFields: { brokerName: 'broker-a', topicSysFlag: '0', groupSysFlag: '0', msgId } });
      expect(Buffer.from(asked[0].body ?? []).equals(bench.store.recordsOf('T1')[0])).toBe(true);
      expect((await ask('0A00000100002A9F00000000000FFFFF')).code).toBe(ResponseCode.SYSTEM_ERROR);
      expect((await ask('rubbish')).code).toBe(ResponseCode.SYSTEM_ERROR);
    });

    it('and what goes wrong is told apart', async () => {
      const ask = () => bench.ask(b, getConsumerRunningInfo, { consumerGroup: 'G', clientId: 'c1', jstackEnable: false });
      expect(await ask()).toMatchObject({ code: 1, remark: 'The Consumer <G> <c1> not online' });
      await bench.heartbeat(a, 'c1', 'G', { T1: '*' });
      answers(a, () => Promise.reject(new RocketMqError('REQUEST_TIMEOUT', 'no answer within 10000 ms')));
      expect(await ask()).toMatchObject({ code: ResponseCode.CONSUME_MSG_TIMEOUT, remark: 'consumer <G> <c1> Timeout: no answer within 10000 ms' });
      answers(a, () => Promise.reject(new RocketMqError('CONNECTION_CLOSED', 'gone')));
      expect(await ask()).toMatchObject({ code: 1, remark: 'invoke consumer <G> <c1> Exception: gone' });
    });
  });

  describe('in request-reply', () => {
    const reply = (properties: Record<string, string>) => {
      const header = { producerGroup: 'PG', topic: 'C_REPLY_TOPIC', defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0, sysFlag: 0, bornTimestamp: 7, flag: 0 };
      return bench.ask(b, sendReplyMessageV2, { ...header, properties: encodeProperties(properties) }, { body: Buffer.from('answer') });
    };

    it('get the reply pushed, and it is stored', async () => {
      await beat({ producerDataSet: [{ groupName: 'PG' }] });
      const pushed: OutgoingRequest[] = [];
      a.invoke = (request) => (pushed.push(request), Promise.resolve(incoming(0)));
      const response = await reply({ REPLY_TO_CLIENT: 'c1', CORRELATION_ID: 'x' });
      expect(response).toMatchObject({ code: 0, extFields: { queueId: '0', queueOffset: '0', MSG_REGION: 'DefaultRegion' } });
      expect(pushed[0]).toMatchObject({
        code: 326,
        extFields: { topic: 'C_REPLY_TOPIC', bornHost: '10.0.0.2:2', storeHost: '10.0.0.1:10911', properties: expect.stringContaining('PUSH_REPLY_TIME') as unknown },
      });
      expect(Buffer.from(pushed[0].body ?? []).toString()).toBe('answer');
      expect(bench.store.recordsOf('C_REPLY_TOPIC')).toHaveLength(1);
    });

    it('are missed when they are gone', async () => {
      expect(await reply({ REPLY_TO_CLIENT: 'gone' })).toMatchObject({ code: 1, remark: 'push reply message fail, channel of <gone> not found.' });
      expect(await reply({})).toMatchObject({ code: 1, remark: 'reply message properties[REPLY_TO_CLIENT] is null' });
    });
  });
});
