import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { decodeBrokerStatsData } from '../../../lib/protocol/body/broker-stats.js';
import { decodeConsumeTimeSpans, decodeGroupSubscription } from '../../../lib/protocol/body/consume-time-span.js';
import { decodeProducerTable } from '../../../lib/protocol/body/producer-connection.js';
import { decodeConsumeStats, decodeConsumeStatsList } from '../../../lib/protocol/body/consume-stats.js';
import { decodeConsumerOffsetWrapper, decodeDelayOffsetWrapper } from '../../../lib/protocol/body/consumer-offset-wrapper.js';
import { decodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { decodeResetOffsetBody } from '../../../lib/protocol/body/reset-offset-body.js';
import { decodeSubscriptionGroupConfig, decodeSubscriptionGroupWrapper, encodeSubscriptionGroupList } from '../../../lib/protocol/body/subscription-group-config.js';
import { decodeTopicConfig, encodeTopicConfigList } from '../../../lib/protocol/body/topic-config.js';
import { decodeTopicConfigWrapper } from '../../../lib/protocol/body/topic-config-wrapper.js';
import { decodeGroupList, decodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { decodeTopicStats } from '../../../lib/protocol/body/topic-stats.js';
import { messageQueueKey } from '../../../lib/protocol/body/message-queue-key.js';
import { cloneGroupOffset } from '../../../lib/protocol/commands/admin/clone-group-offset.command.js';
import { getAllProducerInfo } from '../../../lib/protocol/commands/admin/get-all-producer-info.command.js';
import { getBrokerConsumeStats } from '../../../lib/protocol/commands/admin/get-broker-consume-stats.command.js';
import { queryConsumeTimeSpan } from '../../../lib/protocol/commands/admin/query-consume-time-span.command.js';
import { querySubscriptionByConsumer } from '../../../lib/protocol/commands/admin/query-subscription-by-consumer.command.js';
import { viewBrokerStatsData } from '../../../lib/protocol/commands/admin/view-broker-stats-data.command.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { getAllConsumerOffset } from '../../../lib/protocol/commands/admin/get-all-consumer-offset.command.js';
import { getAllDelayOffset } from '../../../lib/protocol/commands/admin/get-all-delay-offset.command.js';
import { getBrokerConfig } from '../../../lib/protocol/commands/admin/get-broker-config.command.js';
import { getBrokerRuntimeInfo } from '../../../lib/protocol/commands/admin/get-broker-runtime-info.command.js';
import { getConsumeStats } from '../../../lib/protocol/commands/admin/get-consume-stats.command.js';
import { invokeBrokerToResetOffset } from '../../../lib/protocol/commands/admin/invoke-broker-to-reset-offset.command.js';
import { queryTopicConsumeByWho } from '../../../lib/protocol/commands/admin/query-topic-consume-by-who.command.js';
import { queryTopicsByConsumer } from '../../../lib/protocol/commands/admin/query-topics-by-consumer.command.js';
import { updateBrokerConfig } from '../../../lib/protocol/commands/admin/update-broker-config.command.js';
import { deleteSubscriptionGroup } from '../../../lib/protocol/commands/group/delete-subscription-group.command.js';
import { getAllSubscriptionGroupConfig } from '../../../lib/protocol/commands/group/get-all-subscription-group-config.command.js';
import { getSubscriptionGroupConfig } from '../../../lib/protocol/commands/group/get-subscription-group-config.command.js';
import { updateAndCreateSubscriptionGroupList } from '../../../lib/protocol/commands/group/update-and-create-subscription-group-list.command.js';
import { updateAndCreateSubscriptionGroup } from '../../../lib/protocol/commands/group/update-and-create-subscription-group.command.js';
import { queryMessage } from '../../../lib/protocol/commands/message/query-message.command.js';
import { viewMessageById } from '../../../lib/protocol/commands/message/view-message-by-id.command.js';
import { getEarliestMsgStoretime } from '../../../lib/protocol/commands/offset/get-earliest-msg-storetime.command.js';
import { getMaxOffset } from '../../../lib/protocol/commands/offset/get-max-offset.command.js';
import { getMinOffset } from '../../../lib/protocol/commands/offset/get-min-offset.command.js';
import { queryConsumerOffset } from '../../../lib/protocol/commands/offset/query-consumer-offset.command.js';
import { searchOffsetByTimestamp } from '../../../lib/protocol/commands/offset/search-offset-by-timestamp.command.js';
import { updateConsumerOffset } from '../../../lib/protocol/commands/offset/update-consumer-offset.command.js';
import { deleteTopicInBroker } from '../../../lib/protocol/commands/topic/delete-topic-in-broker.command.js';
import { getAllTopicConfig } from '../../../lib/protocol/commands/topic/get-all-topic-config.command.js';
import { getSystemTopicListFromBroker } from '../../../lib/protocol/commands/topic/get-system-topic-list-from-broker.command.js';
import { getTopicConfig } from '../../../lib/protocol/commands/topic/get-topic-config.command.js';
import { getTopicStatsInfo } from '../../../lib/protocol/commands/topic/get-topic-stats-info.command.js';
import { updateAndCreateTopicList } from '../../../lib/protocol/commands/topic/update-and-create-topic-list.command.js';
import { updateAndCreateTopic } from '../../../lib/protocol/commands/topic/update-and-create-topic.command.js';
import { decodeRecords } from '../../../lib/protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { newTopicConfig } from '../../../broker/topics/system-topics.js';
import { newGroupConfig } from '../../../broker/subscriptions/subscription-group-table.js';
import type { FakeChannel } from '../../support/fake-channel.js';
import { bodyOf, ProcessorBench } from '../../support/processor-bench.js';

describe('tools', () => {
  let bench: ProcessorBench;
  let tool: FakeChannel;

  beforeEach(() => {
    bench = new ProcessorBench();
    tool = bench.connect();
  });

  afterEach(() => bench.close());

  const topicHeader = (topic: string, rest = {}) => {
    return { topic, defaultTopic: 'TBW102', readQueueNums: 3, writeQueueNums: 2, perm: 6, topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, force: false, ...rest };
  };
  const queue = (topic: string, queueId: number) => messageQueueKey({ topic, brokerName: 'broker-a', queueId });

  describe('on topics', () => {
    it('create, change, read and delete them', async () => {
      expect(await bench.ask(tool, updateAndCreateTopic, topicHeader('T1', { attributes: '+message.type=FIFO' }))).toMatchObject({ code: 0 });
      const config = decodeTopicConfig(bodyOf(await bench.ask(tool, getTopicConfig, { topic: 'T1' })));
      expect(config).toEqual({ ...newTopicConfig('T1', 3), writeQueueNums: 2, attributes: { 'message.type': 'FIFO' } });
      const all = await bench.ask(tool, getAllTopicConfig, {});
      expect(all.extFields?.totalTopicNum).toBe(String(bench.state.topics.size));
      expect(decodeTopicConfigWrapper(bodyOf(all)).topicConfigTable.T1).toEqual(config);
      expect(await bench.ask(tool, deleteTopicInBroker, { topic: 'T1' })).toMatchObject({ code: 0 });
      expect(await bench.ask(tool, getTopicConfig, { topic: 'T1' })).toMatchObject({ code: ResponseCode.TOPIC_NOT_EXIST, remark: 'No topic in this broker. topic: T1' });
    });

    it('change nothing, not even the version, when nothing is to change', async () => {
      await bench.ask(tool, updateAndCreateTopic, topicHeader('T1'));
      const version = bench.state.topics.dataVersion;
      await bench.ask(tool, updateAndCreateTopic, topicHeader('T1'));
      expect(bench.state.topics.dataVersion).toBe(version);
    });

    it('drop offsets, queues and pop retry topics together with a topic', async () => {
      await bench.send(tool, 'T1', 'x');
      bench.state.offsets.commit('G', 'T1', 0, 1);
      bench.state.topics.createIfAbsent('%RETRY%G_T1', 1);
      await bench.ask(tool, deleteTopicInBroker, { topic: 'T1' });
      expect(bench.state.offsets.query('G', 'T1', 0)).toBe(-1);
      expect(bench.state.topics.has('%RETRY%G_T1')).toBe(false);
      expect(bench.store.maxOffset('T1', 0)).toBe(0);
    });

    it.each([
      ['system topics', topicHeader('TBW102'), /conflict with system topic/],
      ['illegal names', topicHeader('a b'), /a b/],
      ['mixed messages', topicHeader('T1', { attributes: '+message.type=MIXED' }), /MIXED message type is not supported/],
    ])('may not create %s', async (_, header, remark) => {
      const response = await bench.ask(tool, updateAndCreateTopic, header);
      expect(response.code).toBe(ResponseCode.INVALID_PARAMETER);
      expect(response.remark).toMatch(remark);
    });

    it('are told what is wrong with attributes', async () => {
      expect(await bench.ask(tool, updateAndCreateTopic, topicHeader('T1', { attributes: '+nope=1' }))).toMatchObject({ code: 1, remark: 'unsupported key: nope' });
      expect(await bench.ask(tool, updateAndCreateTopic, topicHeader('T1', { attributes: 'nope' }))).toMatchObject({ code: 1 });
      expect(await bench.ask(tool, deleteTopicInBroker, { topic: 'TBW102' })).toMatchObject({ code: ResponseCode.INVALID_PARAMETER });
      expect(await bench.ask(tool, deleteTopicInBroker, { topic: ' ' })).toMatchObject({ code: ResponseCode.INVALID_PARAMETER });
    });

    it('create several at once, all or none', async () => {
      const list = (topics: string[]) => ({ body: encodeTopicConfigList({ topicConfigList: topics.map((topic) => newTopicConfig(topic, 1)) }) });
      expect(await bench.ask(tool, updateAndCreateTopicList, {}, list(['T1', 'a b']))).toMatchObject({ code: ResponseCode.INVALID_PARAMETER });
      expect(bench.state.topics.has('T1')).toBe(false);
      expect(await bench.ask(tool, updateAndCreateTopicList, {}, list(['T1', 'T2']))).toMatchObject({ code: 0 });
      expect(bench.state.topics.has('T2')).toBe(true);
    });

    it('read offsets and system topics', async () => {
      await bench.send(tool, 'T1', 'x', {}, { queueId: 1 });
      const stats = decodeTopicStats(bodyOf(await bench.ask(tool, getTopicStatsInfo, { topic: 'T1' })));
      expect(stats.offsetTable.size).toBe(4);
      expect(stats.offsetTable.get(queue('T1', 1))).toEqual({ minOffset: 0, maxOffset: 1, lastUpdateTimestamp: bench.clock.now() });
      expect(stats.offsetTable.get(queue('T1', 0))).toEqual({ minOffset: 0, maxOffset: 0, lastUpdateTimestamp: 0 });
      expect(await bench.ask(tool, getTopicStatsInfo, { topic: 'NO' })).toMatchObject({ code: ResponseCode.TOPIC_NOT_EXIST });
      expect(decodeTopicList(bodyOf(await bench.ask(tool, getSystemTopicListFromBroker, {}))).topicList).toContain('broker-a');
    });
  });

  describe('on groups', () => {
    it('create, change, read and delete them with their offsets', async () => {
      const body = Buffer.from('{"groupName":"G","retryMaxTimes":3}');
      expect(await bench.ask(tool, updateAndCreateSubscriptionGroup, {}, { body })).toMatchObject({ code: 0 });
      const read = await bench.ask(tool, getSubscriptionGroupConfig, { group: 'G' });
      expect(decodeSubscriptionGroupConfig(bodyOf(read))).toEqual({ ...newGroupConfig('G'), retryMaxTimes: 3 });
      const all = await bench.ask(tool, getAllSubscriptionGroupConfig, {});
      expect(decodeSubscriptionGroupWrapper(bodyOf(all)).subscriptionGroupTable.G.retryMaxTimes).toBe(3);
      bench.state.offsets.commit('G', 'T1', 0, 5);
      await bench.ask(tool, deleteSubscriptionGroup, { groupName: 'G', cleanOffset: true });
      expect(bench.state.groups.has('G')).toBe(false);
      expect(bench.state.offsets.topicsOf('G')).toEqual([]);
    });

    it('create several at once, all or none', async () => {
      const list = (groups: string[]) => ({ body: encodeSubscriptionGroupList({ groupConfigList: groups.map(newGroupConfig) }) });
      expect(await bench.ask(tool, updateAndCreateSubscriptionGroupList, {}, list(['G', 'a b']))).toMatchObject({ code: ResponseCode.INVALID_PARAMETER });
      expect(bench.state.groups.has('G')).toBe(false);
      expect(await bench.ask(tool, updateAndCreateSubscriptionGroupList, {}, list(['G', 'H']))).toMatchObject({ code: 0 });
    });
  });

  describe('on offsets', () => {
    it('read and set a group’s', async () => {
      await bench.send(tool, 'T1', 'x');
      bench.state.groups.find('G');
      const query = (rest = {}) => bench.ask(tool, queryConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0, ...rest });
      const update = (rest = {}) => bench.ask(tool, updateConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0, commitOffset: 1, ...rest });
      expect(await query()).toMatchObject({ code: 0, extFields: { offset: '0' } });
      expect(await query({ setZeroIfNotFound: false })).toMatchObject({ code: ResponseCode.QUERY_NOT_FOUND });
      expect(await query({ queueId: 1 })).toMatchObject({ code: ResponseCode.QUERY_NOT_FOUND });
      expect(await update({ consumerGroup: 'NO' })).toMatchObject({ code: ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, remark: 'Group NO not exist!' });
      expect(await update({ topic: 'NO' })).toMatchObject({ code: ResponseCode.TOPIC_NOT_EXIST, remark: 'Topic NO not exist!' });
      expect(await update()).toMatchObject({ code: 0 });
      expect(await query()).toMatchObject({ code: 0, extFields: { offset: '1' } });
    });

    it('do not start a new group at the beginning of a queue that is no longer in memory', async () => {
      const old = new ProcessorBench({ options: { physicalMemory: 100 } });
      const channel = old.connect();
      await old.send(channel, 'T1', 'x');
      const response = await old.ask(channel, queryConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId: 0 });
      expect(response.code).toBe(ResponseCode.QUERY_NOT_FOUND);
      await old.close();
    });

    it('read those of a queue', async () => {
      await bench.send(tool, 'T1', 'a');
      const first = bench.clock.now();
      await bench.clock.advanceAsync(1_000);
      await bench.send(tool, 'T1', 'b');
      const at = { topic: 'T1', queueId: 0 };
      expect((await bench.ask(tool, getMaxOffset, { ...at, committed: true })).extFields).toEqual({ offset: '2' });
      expect((await bench.ask(tool, getMinOffset, at)).extFields).toEqual({ offset: '0' });
      expect((await bench.ask(tool, getEarliestMsgStoretime, at)).extFields).toEqual({ timestamp: String(first) });
      expect((await bench.ask(tool, getEarliestMsgStoretime, { ...at, queueId: 3 })).extFields).toEqual({ timestamp: '-1' });
      expect((await bench.ask(tool, searchOffsetByTimestamp, { ...at, timestamp: first + 1 })).extFields).toEqual({ offset: '1' });
      expect((await bench.ask(tool, searchOffsetByTimestamp, { ...at, timestamp: first + 1, boundaryType: 'upper' })).extFields).toEqual({ offset: '0' });
    });

    it('set all queues of a group by time', async () => {
      await bench.send(tool, 'T1', 'a');
      bench.state.groups.find('G');
      const reset = (rest = {}) => bench.ask(tool, invokeBrokerToResetOffset, { topic: 'T1', group: 'G', queueId: -1, timestamp: -1, isForce: true, ...rest });
      const { offsetTable } = decodeResetOffsetBody(bodyOf(await reset()));
      expect([...offsetTable].map(([key, offset]) => [key, offset])).toEqual([0, 1, 2, 3].map((queueId) => [queue('T1', queueId), queueId === 0 ? 1 : 0]));
      expect(await reset({ topic: 'NO' })).toMatchObject({ code: ResponseCode.TOPIC_NOT_EXIST, remark: 'Topic NO does not exist' });
      expect(await reset({ group: 'NO' })).toMatchObject({ code: ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, remark: 'Group NO does not exist' });
      expect(await reset({ queueId: 0, offset: 9 })).toMatchObject({ code: 1, remark: 'Target offset 9 not in consume queue range [0-1]' });
    });

    it('learn how far a group is and who reads what', async () => {
      for (const body of ['a', 'b', 'c']) await bench.send(tool, 'T1', body);
      bench.state.offsets.commit('G', 'T1', 0, 2);
      const stats = decodeConsumeStats(bodyOf(await bench.ask(tool, getConsumeStats, { consumerGroup: 'G' })));
      expect(stats.offsetTable.get(queue('T1', 0))).toEqual({ brokerOffset: 3, consumerOffset: 2, pullOffset: 2, lastTimestamp: bench.clock.now() });
      await bench.heartbeat(tool, 'c1', 'G', { T2: '*' });
      expect(decodeConsumeStats(bodyOf(await bench.ask(tool, getConsumeStats, { consumerGroup: 'G' }))).offsetTable.size).toBe(0);
      expect(decodeConsumeStats(bodyOf(await bench.ask(tool, getConsumeStats, { consumerGroup: 'G', topicList: 'T1;NO' }))).offsetTable.size).toBe(4);
      expect(decodeGroupList(bodyOf(await bench.ask(tool, queryTopicConsumeByWho, { topic: 'T1' }))).groupList).toEqual(['G']);
      expect(decodeGroupList(bodyOf(await bench.ask(tool, queryTopicConsumeByWho, { topic: 'T2' }))).groupList).toEqual(['G']);
      expect(decodeTopicList(bodyOf(await bench.ask(tool, queryTopicsByConsumer, { group: 'G' })))).toEqual({ topicList: ['T1'], brokerAddr: '10.0.0.1:10911' });
    });

    it('copy all of them', async () => {
      bench.state.offsets.commit('G', 'T1', 0, 2);
      await bench.send(tool, 'T1', 'x', { DELAY: '1' });
      await bench.clock.advanceAsync(1_000);
      expect(decodeConsumerOffsetWrapper(bodyOf(await bench.ask(tool, getAllConsumerOffset, {}))).offsetTable).toEqual({ 'T1@G': { 0: 2 } });
      expect(decodeDelayOffsetWrapper(bodyOf(await bench.ask(tool, getAllDelayOffset, {}))).offsetTable).toEqual({ 1: 1 });
    });
  });

  it('find messages by key, unique key and position', async () => {
    const sent = await bench.send(tool, 'T1', 'x', { KEYS: 'k1 k2', UNIQ_KEY: 'U1' });
    const query = (key: string, extra = {}) => {
      const header = { topic: 'T1', key, maxNum: 10, beginTimestamp: 0, endTimestamp: Number.MAX_SAFE_INTEGER };
      return bench.ask(tool, queryMessage, header, extra);
    };
    for (const key of ['k2', 'U1']) expect(decodeRecords(bodyOf(await query(key)))[0].body.toString()).toBe('x');
    expect(await query('k3')).toMatchObject({ code: ResponseCode.QUERY_NOT_FOUND, remark: 'can not find message, maybe time range not correct' });
    const view = await bench.ask(tool, viewMessageById, { topic: 'T1', offset: 0 });
    expect(decodeRecords(bodyOf(view))[0].offsetMsgId).toBe(sent.extFields?.msgId);
    expect(await bench.ask(tool, viewMessageById, { topic: 'T1', offset: 5 })).toMatchObject({ code: 1, remark: 'can not find message by the offset, 5' });
  });

  it('read the figures of the running broker', async () => {
    await bench.send(tool, 'T1', 'x', { DELAY: '2' });
    const { table } = decodeKvTable(bodyOf(await bench.ask(tool, getBrokerRuntimeInfo, {})));
    expect(table).toMatchObject({ brokerVersionDesc: 'V5_3_3', msgPutTotalTodayNow: '1', brokerActive: 'true', scheduleMessageOffset_2: '0,1', commitLogMinOffset: '0' });
    expect(table.putTps.split(' ')).toHaveLength(3);
    expect(table.earliestMessageTimeStamp).toBe(String(bench.clock.now()));
  });

  it('read rates by topic, by group and of the broker', async () => {
    await bench.send(tool, 'T1', 'x');
    await bench.send(tool, 'T1', 'y');
    await bench.ask(tool, pullMessage, bench.pullHeader('G', 'T1', 0, { sysFlag: 4, subscription: '*' }));
    await bench.clock.advanceAsync(10_000);
    const view = async (statsName: string, statsKey: string) => decodeBrokerStatsData(bodyOf(await bench.ask(tool, viewBrokerStatsData, { statsName, statsKey })));
    expect(await view('TOPIC_PUT_NUMS', 'T1')).toMatchObject({ statsMinute: { sum: 2, tps: 0.2, avgpt: 1 }, statsHour: { sum: 2 }, statsDay: { sum: 2 } });
    expect(await view('GROUP_GET_NUMS', 'T1@G')).toMatchObject({ statsMinute: { sum: 2, avgpt: 2 } });
    expect((await view('TOPIC_PUT_SIZE', 'T1')).statsMinute.sum).toBe(bench.store.status().commitLogMaxOffset);
    expect((await view('BROKER_PUT_NUMS', 'C')).statsMinute.sum).toBe(2);
    expect(await bench.ask(tool, viewBrokerStatsData, { statsName: 'TOPIC_PUT_NUMS', statsKey: 'NO' })).toMatchObject({
      code: 1,
      remark: 'The stats <TOPIC_PUT_NUMS> <NO> not exist',
    });
    const stats = decodeTopicStats(bodyOf(await bench.ask(tool, getTopicStatsInfo, { topic: 'T1' })));
    expect(stats.topicPutTps).toBeCloseTo(0.2);
    await bench.clock.advanceAsync(60_000);
    expect((await view('TOPIC_PUT_NUMS', 'T1')).statsMinute.sum).toBe(0);
    expect((await view('TOPIC_PUT_NUMS', 'T1')).statsHour.sum).toBe(2);
  });

  it('learn how far back a group is in time', async () => {
    const first = bench.clock.now();
    await bench.send(tool, 'T1', 'a');
    await bench.clock.advanceAsync(1_000);
    await bench.send(tool, 'T1', 'b');
    await bench.clock.advanceAsync(5_000);
    bench.state.offsets.commit('G', 'T1', 0, 1);
    const [span, empty] = decodeConsumeTimeSpans(bodyOf(await bench.ask(tool, queryConsumeTimeSpan, { topic: 'T1', group: 'G' })));
    expect(span).toEqual({ messageQueue: { topic: 'T1', brokerName: 'broker-a', queueId: 0 }, minTimeStamp: first, maxTimeStamp: first + 1_000, consumeTimeStamp: first, delayTime: 5_000 });
    expect(empty).toMatchObject({ minTimeStamp: -1, maxTimeStamp: -1, delayTime: 0 });
    expect((await bench.ask(tool, queryConsumeTimeSpan, { topic: 'NO', group: 'G' })).code).toBe(ResponseCode.TOPIC_NOT_EXIST);
  });

  it('learn of all groups and all producers at once, and copy a group’s offsets', async () => {
    await bench.send(tool, 'T1', 'x');
    bench.state.groups.find('G');
    bench.state.offsets.commit('G', 'T1', 0, 0);
    bench.state.offsets.commit('G', 'T1', 1, 0);
    const all = decodeConsumeStatsList(bodyOf(await bench.ask(tool, getBrokerConsumeStats, { isOrder: false })));
    expect(all).toMatchObject({ brokerAddr: '10.0.0.1:10911', totalDiff: 1 });
    expect(all.consumeStatsList.find((entry) => 'G' in entry)?.G).toHaveLength(1);
    await bench.ask(tool, cloneGroupOffset, { srcGroup: 'G', destGroup: 'COPY', topic: 'T1', offline: true });
    expect(bench.state.offsets.query('COPY', 'T1', 0)).toBe(0);
    bench.state.producers.register('PG', { connectionId: tool.id, clientId: 'p', language: 'GO', version: 317, remoteAddress: '10.0.0.9:50001' });
    expect(decodeProducerTable(bodyOf(await bench.ask(tool, getAllProducerInfo, {}))).data.PG).toEqual([
      { clientId: 'p', remoteIP: '/10.0.0.9:50001', language: 'GO', version: 317, lastUpdateTimestamp: bench.clock.now() },
    ]);
    await bench.heartbeat(tool, 'c1', 'G', { T1: 'A' });
    const read = decodeGroupSubscription(bodyOf(await bench.ask(tool, querySubscriptionByConsumer, { group: 'G', topic: 'T1' })));
    expect(read).toMatchObject({ group: 'G', topic: 'T1', subscriptionData: { subString: 'A' } });
  });

  it('read and change settings, but for those nobody may change', async () => {
    bench.configuration.set('brokerName', 'broker-a');
    const read = await bench.ask(tool, getBrokerConfig, {});
    expect(bodyOf(read).toString()).toBe('brokerName=broker-a\n');
    expect(JSON.parse(read.extFields?.version ?? '')).toEqual({ counter: 1, timestamp: 2, stateVersion: 0 });
    const version = bench.state.topics.dataVersion;
    expect(await bench.ask(tool, updateBrokerConfig, {}, { body: Buffer.from('brokerPermission=4\n') })).toMatchObject({ code: 0 });
    expect(bench.configuration.get('brokerPermission')).toBe('4');
    expect(bench.state.topics.dataVersion).not.toEqual(version);
    expect(await bench.ask(tool, updateBrokerConfig, {}, { body: Buffer.from('rocketmqHome=/x\n') })).toMatchObject({
      code: ResponseCode.NO_PERMISSION,
      remark: 'Can not update config in black list.',
    });
  });
});
