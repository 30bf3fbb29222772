import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PushConsumer } from '../../../../lib/client/consumer/push-consumer.js';
import type { ConcurrentListener, OrderlyListener, PushConsumerOptions } from '../../../../lib/client/types.js';
import { decodeConsumeMessageDirectlyResult } from '../../../../lib/protocol/body/consume-message-directly-result.js';
import { decodeHeartbeatData } from '../../../../lib/protocol/body/heartbeat-data.js';
import { messageQueueKey } from '../../../../lib/protocol/body/message-queue-key.js';
import { decodeConsumerStatusBody, encodeResetOffsetBody } from '../../../../lib/protocol/body/reset-offset-body.js';
import { decodeConsumerRunningInfo } from '../../../../lib/protocol/body/running-info.js';
import { decodeProperties } from '../../../../lib/protocol/message/properties.js';
import { RequestCode } from '../../../../lib/protocol/request-code.js';
import { ResponseCode } from '../../../../lib/protocol/response-code.js';
import { ScriptedCluster, SILENCE, pullAnswer, subscriptionVersions } from '../../../support/scripted-cluster.js';
import { advance, settled } from '../../../support/settled.js';

async function start(consumer: PushConsumer): Promise<PushConsumer> {
  const starting = consumer.start();
  await settled();
  await starting;
  await settled();
  return consumer;
}

function knowOffsets(cluster: ScriptedCluster): void {
  cluster.on(RequestCode.GET_MAX_OFFSET, () => ({ code: 0, extFields: { offset: '70' } }));
  cluster.on(RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, ({ fields }) => ({ code: 0, extFields: { offset: fields.timestamp === '1234' ? '40' : '1' } }));
}

function askClient(cluster: ScriptedCluster, code: number, extFields: Record<string, string>, body?: Buffer): Promise<{ code: number; body: Buffer }> {
  return cluster.channels('broker-a')[0].invoke({ code, extFields, body }, 1_000);
}

const QUEUE = { topic: 'T', brokerName: 'broker-a', queueId: 0 };

describe('a push consumer', () => {
  let cluster: ScriptedCluster;
  let consumers: PushConsumer[];
  /** What the broker's queue holds; a pull from further on is left open. */
  let stored: Parameters<typeof pullAnswer>[2];

  beforeEach(async () => {
    cluster = new ScriptedCluster();
    consumers = [];
    stored = [];
    await cluster.start('ns');
    await cluster.start('broker-a');
    cluster.route('T', ['broker-a']);
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) => {
      const from = Number(fields.queueOffset);
      const messages = fields.topic === 'T' ? (stored ?? []).filter(({ offset }) => offset >= from).slice(0, Number(fields.maxMsgNums)) : [];
      return messages.length === 0 ? SILENCE : pullAnswer(0, messages[messages.length - 1].offset + 1, messages);
    });
  });
  afterEach(async () => {
    const shutdowns = Promise.all(consumers.map((consumer) => consumer.shutdown()));
    await advance(cluster.clock, 31_000, 1_000);
    await shutdowns;
    await cluster.close();
  });

  const create = (listener: ConcurrentListener, options: Partial<PushConsumerOptions> = {}): PushConsumer => {
    const consumer = new PushConsumer({ nameServers: cluster.address('ns'), group: 'G', ...options }, cluster.client());
    consumers.push(consumer);
    consumer.subscribe('T');
    consumer.listenConcurrently(listener);
    return consumer;
  };
  const createOrderly = (listener: OrderlyListener, options: Partial<PushConsumerOptions> = {}): PushConsumer => {
    const consumer = new PushConsumer({ nameServers: cluster.address('ns'), group: 'G', ...options }, cluster.client());
    consumers.push(consumer);
    consumer.subscribe('T');
    consumer.listenOrderly(listener);
    return consumer;
  };
  const pulls = (): number[] => cluster.requests(RequestCode.PULL_MESSAGE).filter(({ fields }) => fields.topic === 'T').map(({ fields }) => Number(fields.queueOffset));
  const commits = (): number[] => cluster.requests(RequestCode.UPDATE_CONSUMER_OFFSET).map(({ fields }) => Number(fields.commitOffset));

  describe('decides where to start', () => {
    it.each([
      ['CONSUME_FROM_LAST_OFFSET', 70],
      ['CONSUME_FROM_FIRST_OFFSET', 0],
      ['CONSUME_FROM_TIMESTAMP', 40],
    ] as const)('without a stored offset: %s → %d', async (consumeFromWhere, expected) => {
      knowOffsets(cluster);
      await start(create(() => undefined, { consumeFromWhere, consumeTimestamp: 1234 }));
      expect(pulls()).toEqual([expected]);
    });

    it('with a stored offset: there, whatever the rule', async () => {
      knowOffsets(cluster);
      cluster.on(RequestCode.QUERY_CONSUMER_OFFSET, () => ({ code: 0, extFields: { offset: '33' } }));
      await start(create(() => undefined, { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' }));
      expect(pulls()).toEqual([33]);
    });

    it('begins at 0 on its retry topic, so that nothing handed to it is skipped', async () => {
      knowOffsets(cluster);
      cluster.route('%RETRY%G', ['broker-a']);
      await start(create(() => undefined));
      const retryPulls = cluster.requests(RequestCode.PULL_MESSAGE).filter(({ fields }) => fields.topic === '%RETRY%G');
      expect(retryPulls.map(({ fields }) => fields.queueOffset)).toEqual(['0']);
    });

    it('does not consume while the broker cannot tell the stored offset, and does as soon as it can', async () => {
      cluster.on(RequestCode.QUERY_CONSUMER_OFFSET, () => ({ code: ResponseCode.SYSTEM_ERROR, remark: 'broken' }));
      const consumer = await start(create(() => undefined));
      expect([consumer.assignment(), pulls()]).toEqual([[], []]);
      cluster.on(RequestCode.QUERY_CONSUMER_OFFSET, () => ({ code: 0, extFields: { offset: '5' } }));
      await advance(cluster.clock, 1_100);
      expect(pulls()).toEqual([5]);
    });
  });

  it('announces itself before the first pull, with the same subscription version in both', async () => {
    await start(create(() => undefined));
    const codes = cluster.received.map(({ code }) => code);
    expect(codes.indexOf(RequestCode.HEART_BEAT)).toBeLessThan(codes.indexOf(RequestCode.PULL_MESSAGE));
    const [beat] = cluster.requests(RequestCode.HEART_BEAT);
    const [{ fields }] = cluster.requests(RequestCode.PULL_MESSAGE);
    expect(Number(fields.subVersion)).toBe(subscriptionVersions(beat).T);
    expect(fields).toMatchObject({ consumerGroup: 'G', sysFlag: '2', commitOffset: '0', suspendTimeoutMillis: '15000', maxMsgNums: '32' });
    expect(decodeHeartbeatData(beat.request.body).consumerDataSet[0]).toMatchObject({
      groupName: 'G',
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
    });
    expect(Object.keys(subscriptionVersions(beat)).sort()).toEqual(['%RETRY%G', 'T']);
  });

  it('commits the lowest unsettled offset, periodically, with pulls and at shutdown', async () => {
    stored = [0, 1, 2, 3].map((offset) => ({ offset }));
    const finish = new Map<string, () => void>();
    const consumer = await start(create(([message]) => new Promise((resolve) => finish.set(message.body.toString(), () => resolve()))));
    expect([...finish.keys()]).toEqual(['m0', 'm1', 'm2', 'm3']);
    finish.get('m1')?.();
    finish.get('m3')?.();
    await advance(cluster.clock, 5_100);
    expect(commits()).toEqual([0]);
    finish.get('m0')?.();
    await advance(cluster.clock, 5_100);
    expect(commits()).toEqual([0, 2]);
    const stopping = consumer.shutdown();
    await settled();
    finish.get('m2')?.();
    await stopping;
    expect(commits().at(-1)).toBe(4);
    expect(cluster.requests(RequestCode.UNREGISTER_CLIENT)[0].fields).toMatchObject({ clientID: '10.0.0.1@me', consumerGroup: 'G' });
  });

  it('stops pulling when too much is unsettled, and goes on when there is room', async () => {
    stored = Array.from({ length: 100 }, (_, offset) => ({ offset }));
    let release: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await start(create(() => gate, { pullThresholdForQueue: 40 }));
    expect(pulls()).toEqual([0, 32]);
    release?.();
    await settled(60);
    expect(pulls()).toEqual([0, 32, 64, 96, 100]);
  });

  it('runs no more listener calls at a time than it is allowed, and batches as told', async () => {
    stored = Array.from({ length: 30 }, (_, offset) => ({ offset }));
    let running = 0;
    let most = 0;
    const sizes: number[] = [];
    await start(
      create(
        async (messages) => {
          most = Math.max(most, ++running);
          sizes.push(messages.length);
          await settled(2);
          running--;
        },
        { concurrency: 3, consumeMessageBatchMaxSize: 4 },
      ),
    );
    await settled(80);
    expect(most).toBe(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(30);
    expect(Math.max(...sizes)).toBe(4);
  });

  describe('when a message was not consumed', () => {
    it('sends it back to its broker', async () => {
      stored = [{ offset: 4 }, { offset: 5 }];
      await start(create(([message]) => ({ status: message.queueOffset === 4 ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS', delayLevel: 2 })));
      const backs = cluster.requests(RequestCode.CONSUMER_SEND_MSG_BACK);
      expect(backs.map(({ fields }) => fields)).toEqual([expect.objectContaining({ offset: '400', group: 'G', delayLevel: '2', originTopic: 'T', maxReconsumeTimes: '16' })]);
      await advance(cluster.clock, 5_100);
      expect(commits()).toEqual([6]);
    });

    it('puts a copy on the retry topic when the broker does not take it back', async () => {
      cluster.route('%RETRY%G', ['broker-a']);
      cluster.on(RequestCode.CONSUMER_SEND_MSG_BACK, () => ({ code: ResponseCode.SYSTEM_ERROR }));
      stored = [{ offset: 4, reconsumeTimes: 2, properties: 'UNIQ_KEY\u0001U4\u0002mine\u0001x\u0002TRAN_MSG\u0001true\u0002' }];
      await start(create(() => Promise.reject(new Error('no'))));
      const [{ fields, request }] = cluster.requests(RequestCode.SEND_MESSAGE_V2);
      expect(fields).toMatchObject({ a: 'CLIENT_INNER_PRODUCER', b: '%RETRY%G', j: '3', l: '16' });
      expect(decodeProperties(fields.i)).toEqual({ UNIQ_KEY: 'U4', mine: 'x', RETRY_TOPIC: 'T', ORIGIN_MESSAGE_ID: 'U4', DELAY: '5' });
      expect(request.body.toString()).toBe('m4');
    });

    it('delivers it again itself when neither works, and commits nothing beyond it', async () => {
      cluster.on(RequestCode.CONSUMER_SEND_MSG_BACK, () => ({ code: ResponseCode.SYSTEM_ERROR }));
      stored = [{ offset: 4 }, { offset: 5 }];
      const seen: string[] = [];
      await start(
        create(([message]) => {
          seen.push(`${message.queueOffset}:${message.reconsumeTimes}`);
          return message.queueOffset === 4 && message.reconsumeTimes === 0 ? { status: 'RECONSUME_LATER' } : undefined;
        }, { persistConsumerOffsetIntervalMs: 500 }),
      );
      await advance(cluster.clock, 4_900);
      expect(commits()).toEqual([4]);
      await advance(cluster.clock, 6_000);
      expect(seen).toEqual(['4:0', '5:0', '4:1']);
      expect(commits().at(-1)).toBe(6);
    });

    it('sends back what takes its listener too long, so that the offset can move', async () => {
      stored = [{ offset: 0 }];
      await start(create(() => new Promise(() => undefined), { consumeTimeoutMs: 60_000, shutdownTimeoutMs: 10 }));
      await advance(cluster.clock, 125_000, 500);
      expect(cluster.requests(RequestCode.CONSUMER_SEND_MSG_BACK).map(({ fields }) => fields.delayLevel)).toEqual(['3']);
      expect(commits().at(-1)).toBe(1);
    });
  });

  it('goes on where the broker says when its offset is not in the queue', async () => {
    cluster.on(RequestCode.QUERY_CONSUMER_OFFSET, () => ({ code: 0, extFields: { offset: String(commits().at(-1) ?? 5) } }));
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) => (fields.queueOffset === '5' ? pullAnswer(ResponseCode.PULL_OFFSET_MOVED, 50) : SILENCE));
    await start(create(() => undefined));
    expect(commits()).toEqual([50]);
    expect(pulls()).toEqual([5, 50]);
  });

  it.each([
    ['nothing new', ResponseCode.PULL_NOT_FOUND],
    ['nothing that matches', ResponseCode.PULL_RETRY_IMMEDIATELY],
  ])('pulls again at once after %s', async (_, code) => {
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) => (fields.queueOffset === '0' ? pullAnswer(code, 9) : SILENCE));
    await start(create(() => undefined, { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }));
    expect(pulls()).toEqual([0, 9]);
  });

  it.each([
    ['an error', ResponseCode.SYSTEM_ERROR, 1_000],
    ['an unknown subscription', ResponseCode.SUBSCRIPTION_NOT_EXIST, 1_000],
    ['flow control', ResponseCode.FLOW_CONTROL, 20],
  ])('pauses after %s', async (_, code, pause) => {
    cluster.on(RequestCode.PULL_MESSAGE, () => ({ code, remark: 'later' }));
    await start(create(() => undefined));
    expect(pulls()).toHaveLength(1);
    await advance(cluster.clock, pause - 1, pause - 1);
    expect(pulls()).toHaveLength(1);
    await advance(cluster.clock, 2, 1);
    expect(pulls()).toHaveLength(2);
  });

  it('reads from a slave when the master is gone, without committing there', async () => {
    await cluster.start('broker-a:1');
    cluster.route('T', ['broker-a', 'broker-a:1']);
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) => (fields.queueOffset === '0' ? pullAnswer(0, 1, [{ offset: 0 }]) : SILENCE), 'broker-a:1');
    cluster.route('T', ['broker-a:1']);
    const seen: string[] = [];
    await start(create(([message]) => void seen.push(message.body.toString()), { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }));
    expect(seen).toEqual(['m0']);
    expect(cluster.requests(RequestCode.PULL_MESSAGE, 'broker-a:1').map(({ fields }) => fields.sysFlag)).toEqual(['2', '2']);
  });

  it('pulls from the broker that is suggested', async () => {
    await cluster.start('broker-a:1');
    cluster.route('T', ['broker-a', 'broker-a:1']);
    cluster.on(RequestCode.PULL_MESSAGE, () => ({ ...pullAnswer(ResponseCode.PULL_NOT_FOUND, 3), extFields: { suggestWhichBrokerId: '1', nextBeginOffset: '3', minOffset: '0', maxOffset: '9' } }), 'broker-a');
    cluster.on(RequestCode.PULL_MESSAGE, () => SILENCE, 'broker-a:1');
    await start(create(() => undefined));
    expect(cluster.requests(RequestCode.PULL_MESSAGE, 'broker-a:1').map(({ fields }) => fields.queueOffset)).toEqual(['3']);
  });

  it('keeps its queues while nobody can tell who is in the group', async () => {
    const consumer = await start(create(() => undefined));
    cluster.on(RequestCode.GET_CONSUMER_LIST_BY_GROUP, () => ({ code: ResponseCode.SYSTEM_ERROR }));
    await advance(cluster.clock, 25_000, 500);
    expect(consumer.assignment().filter(({ topic }) => topic === 'T')).toEqual([QUEUE]);
  });

  it('locks before it consumes in order, renews, and gives the lock back', async () => {
    stored = [{ offset: 0 }];
    const seen: number[] = [];
    const consumer = await start(createOrderly(([message]) => void seen.push(message.queueOffset), { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }));
    const codes = cluster.received.map(({ code }) => code);
    expect(codes.indexOf(RequestCode.LOCK_BATCH_MQ)).toBeLessThan(codes.indexOf(RequestCode.PULL_MESSAGE));
    expect(seen).toEqual([0]);
    await advance(cluster.clock, 20_100, 100);
    expect(cluster.requests(RequestCode.LOCK_BATCH_MQ).length).toBeGreaterThanOrEqual(2);
    await consumer.shutdown();
    expect(cluster.requests(RequestCode.UNLOCK_BATCH_MQ)).toHaveLength(1);
  });

  it('does not touch a queue that another member has locked', async () => {
    cluster.on(RequestCode.LOCK_BATCH_MQ, () => ({ code: 0, body: Buffer.from('{"lockOKMQSet":[]}') }));
    const consumer = await start(createOrderly(() => undefined));
    expect([consumer.assignment(), pulls()]).toEqual([[], []]);
  });

  it('stops consuming in order when its lock is too old to be trusted', async () => {
    stored = [{ offset: 0 }];
    const seen: number[] = [];
    await start(createOrderly(([message]) => void seen.push(message.queueOffset), { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }));
    cluster.on(RequestCode.LOCK_BATCH_MQ, () => ({ code: ResponseCode.SYSTEM_ERROR }));
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) => (fields.queueOffset === '1' && fields.topic === 'T' ? pullAnswer(0, 2, [{ offset: 1 }]) : SILENCE));
    await advance(cluster.clock, 31_000, 500);
    expect(seen).toEqual([0]);
    cluster.on(RequestCode.LOCK_BATCH_MQ, ({ request }) => ({ code: 0, body: Buffer.from(JSON.stringify({ lockOKMQSet: (JSON.parse(request.body.toString()) as { mqSet: unknown }).mqSet })) }));
    await advance(cluster.clock, 31_000, 500);
    expect(seen).toEqual([0, 1]);
  });

  describe('serves its broker', () => {
    it('40: rebalances when members come or go', async () => {
      const consumer = await start(create(() => undefined));
      cluster.on(RequestCode.GET_CONSUMER_LIST_BY_GROUP, () => ({ code: 0, body: Buffer.from('{"consumerIdList":["10.0.0.0@other","10.0.0.1@me"]}') }));
      await cluster.channels('broker-a')[0].sendOneway({ code: RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, extFields: { consumerGroup: 'G' } });
      await settled(60);
      expect(consumer.assignment()).toEqual([]);
    });

    it('220: goes on from the offsets it is given', async () => {
      cluster.on(RequestCode.QUERY_CONSUMER_OFFSET, () => ({ code: 0, extFields: { offset: String(commits().at(-1) ?? 5) } }));
      await start(create(() => undefined));
      const body = encodeResetOffsetBody({ offsetTable: new Map([[messageQueueKey(QUEUE), 2]]) });
      await cluster.channels('broker-a')[0].sendOneway({ code: RequestCode.RESET_CONSUMER_CLIENT_OFFSET, extFields: { topic: 'T', group: 'G', timestamp: '0', isForce: 'true' }, body });
      await settled(60);
      expect(commits()).toEqual([2]);
      expect(pulls()).toEqual([5, 2]);
    });

    it('221 and 307: tells offsets and its state', async () => {
      stored = [{ offset: 0 }];
      await start(create(() => undefined, { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' }));
      const status = decodeConsumerStatusBody((await askClient(cluster, RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT, { topic: 'T', group: 'G' })).body);
      expect([...status.messageQueueTable]).toEqual([[messageQueueKey(QUEUE), 1]]);
      const answer = await askClient(cluster, RequestCode.GET_CONSUMER_RUNNING_INFO, { consumerGroup: 'G', clientId: '10.0.0.1@me' });
      const info = decodeConsumerRunningInfo(answer.body);
      expect(info.properties).toMatchObject({ PROP_CONSUME_TYPE: 'CONSUME_PASSIVELY', PROP_CONSUMEORDERLY: 'false', PROP_CLIENT_VERSION: 'V5_3_3' });
      expect(info.mqTable.get(messageQueueKey(QUEUE))).toMatchObject({ commitOffset: 1, cachedMsgCount: 0, droped: false });
      expect(info.subscriptionSet.map(({ topic }) => topic).sort()).toEqual(['%RETRY%G', 'T']);
      expect((await askClient(cluster, RequestCode.GET_CONSUMER_RUNNING_INFO, { consumerGroup: 'OTHER', clientId: 'x' })).code).toBe(ResponseCode.SYSTEM_ERROR);
    });

    it.each([
      ['consumes', () => undefined, 'CR_SUCCESS'],
      ['refuses', () => ({ status: 'RECONSUME_LATER' }) as const, 'CR_LATER'],
      ['throws', () => Promise.reject(new Error('boom')), 'CR_THROW_EXCEPTION'],
    ])('309: tells what the listener made of a message it %s', async (_, listener, consumeResult) => {
      await start(create(listener as ConcurrentListener));
      const record = pullAnswer(0, 0, [{ offset: 9 }]).body as Buffer;
      const answer = await askClient(cluster, RequestCode.CONSUME_MESSAGE_DIRECTLY, { consumerGroup: 'G', clientId: '10.0.0.1@me', brokerName: 'broker-a' }, record);
      expect(decodeConsumeMessageDirectlyResult(answer.body)).toMatchObject({ consumeResult, order: false });
      expect(cluster.requests(RequestCode.CONSUMER_SEND_MSG_BACK)).toHaveLength(0);
    });

    it('answers what it does not know with REQUEST_CODE_NOT_SUPPORTED', async () => {
      await start(create(() => undefined));
      expect((await askClient(cluster, 12_345, {})).code).toBe(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
    });
  });

  it('announces itself before it pulls on a new connection', async () => {
    await start(create(() => undefined));
    await cluster.stop('broker-a');
    await advance(cluster.clock, 2_500, 100);
    const seenBefore = cluster.received.length;
    await cluster.start('broker-a');
    await advance(cluster.clock, 1_500, 100);
    const codes = cluster.received.slice(seenBefore).filter(({ server }) => server === 'broker-a').map(({ code }) => code);
    expect(codes[0]).toBe(RequestCode.HEART_BEAT);
    expect(codes).toContain(RequestCode.PULL_MESSAGE);
    expect(cluster.channels('broker-a')).toHaveLength(1);
  });

  it('shows the original topic of a retried message', async () => {
    cluster.route('%RETRY%G', ['broker-a']);
    cluster.on(RequestCode.PULL_MESSAGE, ({ fields }) =>
      fields.topic === '%RETRY%G' && fields.queueOffset === '0' ? pullAnswer(0, 1, [{ offset: 0, topic: '%RETRY%G', reconsumeTimes: 1, properties: 'RETRY_TOPIC\u0001T\u0002' }]) : SILENCE,
    );
    const seen: string[] = [];
    await start(create(([message]) => void seen.push(`${message.topic} ${message.reconsumeTimes}`)));
    expect(seen).toEqual(['T 1']);
  });

  it('delivers nothing while suspended, and everything after', async () => {
    stored = [{ offset: 0 }];
    const seen: number[] = [];
    const consumer = create(([message]) => void seen.push(message.queueOffset), { consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' });
    const starting = consumer.start();
    consumer.suspend();
    await settled();
    await starting;
    expect(seen).toEqual([]);
    consumer.resume();
    expect(seen).toEqual([0]);
  });

  it('refuses a start without a listener, and a second consumer of its group on one client', async () => {
    const client = cluster.client();
    const bare = new PushConsumer({ nameServers: 'unused:1', group: 'G' }, client);
    await expect(bare.start()).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('listener') });
    const [first, second] = [0, 1].map(() => {
      const consumer = new PushConsumer({ nameServers: 'unused:1', group: 'G' }, client);
      consumer.subscribe('T');
      consumer.listenConcurrently(() => undefined);
      return consumer;
    });
    await start(first);
    consumers.push(first);
    await expect(second.start()).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('"G"') });
  });

  it('refuses filters that select nothing, and SQL that the broker cannot read', async () => {
    const consumer = create(() => undefined);
    expect(() => consumer.subscribe('T', ' || ')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => consumer.subscribe('a b')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    cluster.on(RequestCode.CHECK_CLIENT_CONFIG, () => ({ code: ResponseCode.SUBSCRIPTION_PARSE_FAILED, remark: 'bad SQL' }));
    consumer.subscribe('T', { type: 'SQL92', expression: 'a >' });
    await expect(consumer.start()).rejects.toMatchObject({ code: 'RESPONSE_ERROR', message: expect.stringContaining('bad SQL') });
  });
});
