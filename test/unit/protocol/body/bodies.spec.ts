import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeBatchAckBody, encodeBatchAckBody } from '../../../../lib/protocol/body/batch-ack.js';
import { decodeConsumeMessageDirectlyResult } from '../../../../lib/protocol/body/consume-message-directly-result.js';
import { decodeHeartbeatData } from '../../../../lib/protocol/body/heartbeat-data.js';
import { messageQueueKey, messageQueueOfKey } from '../../../../lib/protocol/body/message-queue-key.js';
import { decodeRegisterBrokerBody } from '../../../../lib/protocol/body/register-broker-body.js';
import { decodeResetOffsetBody } from '../../../../lib/protocol/body/reset-offset-body.js';
import { buildSubscriptionData } from '../../../../lib/protocol/body/subscription-data.js';
import { decodeSubscriptionGroupConfig } from '../../../../lib/protocol/body/subscription-group-config.js';
import { decodeTopicRouteData } from '../../../../lib/protocol/body/topic-route-data.js';
import { parseFastJson, stringifyFastJson } from '../../../../lib/protocol/json/fast-json.js';
import { OUR_VERSION } from '../../../../lib/protocol/version.js';

describe('heartbeats', () => {
  it('of the Go client are understood: versions in nanoseconds, codes as text, sets that are null', () => {
    const body =
      '{"clientID":"c","producerDataSet":null,"consumerDataSet":[{"groupName":"G","consumeType":"CONSUME_PASSIVELY","messageModel":"Clustering","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET",' +
      '"subscriptionDataSet":[{"classFilterMode":false,"topic":"T","subString":"a","tagsSet":["a"],"codeSet":["97"],"subVersion":1704164645678901234,"expressionType":"TAG"}],"unitMode":false}]}';
    const { consumerDataSet, producerDataSet, withoutSub } = decodeHeartbeatData(Buffer.from(body));
    expect(producerDataSet).toEqual([]);
    expect(withoutSub).toBe(false);
    expect(consumerDataSet[0]).toMatchObject({ messageModel: 'CLUSTERING', subscriptionDataSet: [{ codeSet: [97], subVersion: Number('1704164645678901234') }] });
  });

  it('need no more than a client id, and unknown enums read as absent', () => {
    expect(decodeHeartbeatData(Buffer.from('{"clientID":"c"}'))).toEqual({ clientID: 'c', producerDataSet: [], consumerDataSet: [], heartbeatFingerprint: 0, withoutSub: false });
    const bare = decodeHeartbeatData(Buffer.from('{"consumerDataSet":[{"subscriptionDataSet":[{"topic":"T"}]}]}'));
    expect(bare.consumerDataSet[0].subscriptionDataSet[0]).toMatchObject({ subVersion: 0, expressionType: 'TAG' });
    expect(decodeHeartbeatData(Buffer.from('{"consumerDataSet":[{"consumeType":"X"}]}')).consumerDataSet[0]).not.toHaveProperty('consumeType');
  });
});

describe('subscriptions', () => {
  it.each([undefined, '', '*'])('to %j take everything', (expression) => {
    expect(buildSubscriptionData('T', expression, undefined, 5)).toEqual({
      topic: 'T',
      subString: '*',
      tagsSet: [],
      codeSet: [],
      subVersion: 5,
      expressionType: 'TAG',
      classFilterMode: false,
    });
  });

  it('to tags have their codes', () => {
    expect(buildSubscriptionData('T', ' A|| TagA ||A', 'TAG', 1)).toMatchObject({ subString: ' A|| TagA ||A', tagsSet: ['A', 'TagA'], codeSet: [65, 2598919] });
  });

  it('to a condition have none', () => {
    expect(buildSubscriptionData('T', 'a > 5', 'SQL92', 1)).toMatchObject({ subString: 'a > 5', tagsSet: [], codeSet: [], expressionType: 'SQL92' });
  });

  it.each([
    ['||', 'TAG'],
    [' || ', undefined],
    ['', 'SQL92'],
    [undefined, 'SQL92'],
  ])('to %j (%s) are refused', (expression, type) => {
    expect(() => buildSubscriptionData('T', expression, type, 1)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('bodies with queues as keys', () => {
  const queue = { topic: 'T"1', brokerName: 'b', queueId: 2 };

  it('use a key that reads back', () => {
    expect(messageQueueKey(queue)).toBe(stringifyFastJson(queue));
    expect(messageQueueOfKey(messageQueueKey(queue))).toEqual(queue);
  });

  it.each([
    ['object keys', '{"offsetTable":{{"topic":"T\\"1","queueId":2,"brokerName":"b"}:5}}'],
    ['keys that are JSON in a string', '{"offsetTable":{"{\\"topic\\":\\"T\\\\\\"1\\",\\"queueId\\":2,\\"brokerName\\":\\"b\\"}":5}}'],
    ['a list for C++', '{"offsetTable":[{"topic":"T\\"1","queueId":2,"brokerName":"b","offset":5}]}'],
    ["gson's pairs", '{"offsetTable":[[{"topic":"T\\"1","queueId":2,"brokerName":"b"},5]]}'],
  ])('are read in the form of %s', (_name, body) => {
    expect(decodeResetOffsetBody(Buffer.from(body)).offsetTable).toEqual(new Map([[messageQueueKey(queue), 5]]));
  });
});

describe('other bodies', () => {
  it('take enum ordinals, as the Go client sends them', () => {
    expect(decodeConsumeMessageDirectlyResult(Buffer.from('{"consumeResult":1,"spentTimeMills":3}'))).toMatchObject({ consumeResult: 'CR_LATER', spentTimeMills: 3, autoCommit: true });
  });

  it('take defaults where Java does', () => {
    expect(decodeSubscriptionGroupConfig(Buffer.from('{"groupName":"g"}'))).toMatchObject({ consumeEnable: true, retryQueueNums: 1, retryMaxTimes: 16, groupRetryPolicy: { type: 'CUSTOMIZED' } });
  });

  it('name the member that is wrong', () => {
    expect(() => decodeTopicRouteData(Buffer.from('{"queueDatas":[{"perm":"x"}]}'))).toThrow('"TopicRouteData.queueDatas[0].perm" is "x"; expected an integer');
    expect(() => decodeTopicRouteData(Buffer.from('{"brokerDatas":{}}'))).toThrow('expected a list');
  });

  it('of batch acks carry their bits', () => {
    const ack = { consumerGroup: 'g', topic: 'T', retry: '0', startOffset: 100, queueId: 1, reviveQueueId: 2, popTime: 3, invisibleTime: 60_000, offsets: [100, 103, 109] };
    const body = encodeBatchAckBody({ brokerName: 'broker-a', acks: [ack] });
    expect(body.toString()).toBe('{"acks":[{"b":"CQI=","c":"g","it":60000,"pt":3,"q":1,"r":"0","rq":2,"so":100,"t":"T"}],"brokerName":"broker-a"}');
    expect(decodeBatchAckBody(body)).toEqual({ brokerName: 'broker-a', acks: [ack] });
    expect(() => decodeBatchAckBody(Buffer.from(`{"acks":[{"b":"${'/'.repeat(90_000)}"}]}`))).toThrow('send several');
  });

  it('of compressed registrations are bounded by what they hold', () => {
    const claims = deflateSync(Buffer.from('7fffffff', 'hex'));
    expect(() => decodeRegisterBrokerBody(claims, true, OUR_VERSION)).toThrow('claims 2147483647 bytes');
    expect(() => decodeRegisterBrokerBody(Buffer.from('x'), true, OUR_VERSION)).toThrow('cannot be decompressed');
  });

  it('keep keys that are integers whatever their form', () => {
    const bare = '{"brokerDatas":[{"brokerName":"b","brokerAddrs":{0:"a:1",1:"a:2"}}]}';
    expect(decodeTopicRouteData(Buffer.from(bare))).toEqual(decodeTopicRouteData(Buffer.from(stringifyFastJson(parseFastJson(bare)))));
  });
});
