import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Producer } from '../../../../lib/client/producer/producer.js';
import type { ProducerOptions, SendResult } from '../../../../lib/client/types.js';
import { decodeProperties } from '../../../../lib/protocol/message/properties.js';
import { decodeHeartbeatData } from '../../../../lib/protocol/body/heartbeat-data.js';
import { RequestCode } from '../../../../lib/protocol/request-code.js';
import { ResponseCode } from '../../../../lib/protocol/response-code.js';
import { ScriptedCluster, SILENCE } from '../../../support/scripted-cluster.js';
import { advance, settled } from '../../../support/settled.js';

const SEND = RequestCode.SEND_MESSAGE_V2;

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

describe('a producer', () => {
  let cluster: ScriptedCluster;

  beforeEach(async () => {
    cluster = new ScriptedCluster();
    await cluster.start('ns');
    await cluster.start('broker-a');
    await cluster.start('broker-b');
    cluster.route('T', ['broker-a', 'broker-b'], 2);
  });
  afterEach(() => cluster.close());

  const started = async (options: Partial<ProducerOptions> = {}): Promise<Producer> => {
    const producer = new Producer({ nameServers: cluster.address('ns'), group: 'PG', ...options }, cluster.client(options));
    await producer.start();
    return producer;
  };

  it('takes the queues of all brokers in turn', async () => {
    const producer = await started();
    const results: SendResult[] = [];
    for (let i = 0; i < 8; i++) results.push(await producer.send({ topic: 'T', body: 'x' }));
    const queues = results.map(({ messageQueue }) => `${messageQueue.brokerName}/${messageQueue.queueId}`);
    expect(new Set(queues.slice(0, 4)).size).toBe(4);
    expect(queues.slice(4)).toEqual(queues.slice(0, 4));
  });

  it.each([
    ['SYSTEM_ERROR', ResponseCode.SYSTEM_ERROR],
    ['SYSTEM_BUSY', ResponseCode.SYSTEM_BUSY],
    ['SERVICE_NOT_AVAILABLE', ResponseCode.SERVICE_NOT_AVAILABLE],
    ['NO_PERMISSION', ResponseCode.NO_PERMISSION],
    ['TOPIC_NOT_EXIST', ResponseCode.TOPIC_NOT_EXIST],
    ['GO_AWAY', ResponseCode.GO_AWAY],
  ])('tries the other broker after %s', async (_, code) => {
    cluster.on(SEND, () => ({ code, remark: 'no' }), 'broker-a');
    const producer = await started({ retryTimesWhenSendFailed: 1 });
    for (let i = 0; i < 4; i++) expect((await producer.send({ topic: 'T', body: 'x' })).messageQueue.brokerName).toBe('broker-b');
    expect(cluster.requests(SEND, 'broker-a').length).toBeGreaterThan(0);
  });

  it('tries no further after a refusal that every broker would give', async () => {
    cluster.on(SEND, () => ({ code: ResponseCode.MESSAGE_ILLEGAL, remark: 'too large' }));
    const failure = await failureOf((await started()).send({ topic: 'T', body: 'x' }));
    expect(failure).toMatchObject({ code: 'SEND_FAILED', retryable: false, details: { attempts: 1, responseCode: 13 } });
    expect(cluster.requests(SEND)).toHaveLength(1);
  });

  it('gives up after its attempts, with the last answer as the cause', async () => {
    cluster.on(SEND, () => ({ code: ResponseCode.SYSTEM_BUSY, remark: 'busy' }));
    const failure = await failureOf((await started({ retryTimesWhenSendFailed: 4 })).send({ topic: 'T', body: 'x' }));
    expect(failure).toMatchObject({ code: 'SEND_FAILED', retryable: true, details: { attempts: 5, responseCode: 2 }, cause: { code: 'RESPONSE_ERROR' } });
  });

  it('spends its time over all attempts together', async () => {
    cluster.on(SEND, () => SILENCE);
    const producer = await started({ sendTimeoutMs: 1_000, retryTimesWhenSendFailed: 5 });
    const outcome = failureOf(producer.send({ topic: 'T', body: 'x' }));
    await advance(cluster.clock, 1_100);
    expect(await outcome).toMatchObject({ code: 'SEND_FAILED', cause: { code: 'REQUEST_TIMEOUT' } });
    expect(cluster.requests(SEND)).toHaveLength(1);
  });

  it('goes to another broker when the connection breaks', async () => {
    cluster.on(SEND, (_, channel) => (channel.close(), SILENCE), 'broker-a');
    const producer = await started({ retryTimesWhenSendFailed: 1 });
    const results = await Promise.all(Array.from({ length: 4 }, () => producer.send({ topic: 'T', body: 'x' })));
    expect(results.map((result) => result.messageQueue.brokerName)).toEqual(Array(4).fill('broker-b'));
  });

  it('does not try elsewhere when the queue was chosen', async () => {
    cluster.on(SEND, () => ({ code: ResponseCode.SYSTEM_BUSY }), 'broker-a');
    const producer = await started();
    const failure = await failureOf(producer.send({ topic: 'T', body: 'x' }, { queue: { topic: 'T', brokerName: 'broker-a', queueId: 1 } }));
    expect(failure).toMatchObject({ code: 'SEND_FAILED', details: { attempts: 1 } });
  });

  it.each([
    [ResponseCode.FLUSH_DISK_TIMEOUT, 'FLUSH_DISK_TIMEOUT'],
    [ResponseCode.FLUSH_SLAVE_TIMEOUT, 'FLUSH_SLAVE_TIMEOUT'],
    [ResponseCode.SLAVE_NOT_AVAILABLE, 'SLAVE_NOT_AVAILABLE'],
  ])('takes code %d for a result, and tries elsewhere only when told to', async (code, sendStatus) => {
    cluster.on(SEND, () => ({ code, extFields: { msgId: 'M', queueId: '0', queueOffset: '1' } }));
    expect(await (await started()).send({ topic: 'T', body: 'x' })).toMatchObject({ sendStatus, queueOffset: 1 });
    expect(cluster.requests(SEND)).toHaveLength(1);
    const insisting = new Producer({ nameServers: 'unused:1', group: 'PG2', retryAnotherBrokerWhenNotStoreOk: true }, cluster.client());
    await insisting.start();
    expect(await insisting.send({ topic: 'T', body: 'x' })).toMatchObject({ sendStatus });
    expect(cluster.requests(SEND)).toHaveLength(4);
  });

  it('asks the next NameServer when one is down, and stays with the one that answers', async () => {
    await cluster.start('ns2');
    const producer = await started({ nameServers: [cluster.address('ns'), cluster.address('ns2')] });
    await producer.send({ topic: 'T', body: 'x' });
    const routeRequests = (server: string): number => cluster.requests(RequestCode.GET_ROUTEINFO_BY_TOPIC, server).length;
    const [first, other] = routeRequests('ns') > 0 ? ['ns', 'ns2'] : ['ns2', 'ns'];
    await cluster.stop(first);
    await advance(cluster.clock, 31_000);
    await cluster.start(first);
    const before = routeRequests(first);
    await advance(cluster.clock, 61_000);
    expect(routeRequests(other)).toBeGreaterThanOrEqual(3);
    expect(routeRequests(first)).toBe(before);
  });

  it('says so when no NameServer answers', async () => {
    const failure = await failureOf((await started({ nameServers: '127.0.0.1:1' })).send({ topic: 'T', body: 'x' }));
    expect(failure).toMatchObject({ code: 'NO_NAME_SERVER', retryable: true });
  });

  it('sends to a topic that does not exist as the pattern topic says', async () => {
    cluster.route('TBW102', ['broker-a'], 8);
    const producer = await started();
    await producer.send({ topic: 'NEW', body: 'x' });
    expect(await producer.queuesOf('NEW')).toHaveLength(4);
    expect(cluster.requests(SEND)[0].fields).toMatchObject({ b: 'NEW', c: 'TBW102', d: '4' });
    cluster.route('NEW', ['broker-a', 'broker-b'], 3);
    await advance(cluster.clock, 31_000);
    expect(await producer.queuesOf('NEW')).toHaveLength(6);
  });

  it('says so when a topic exists nowhere and brokers create none', async () => {
    expect(await failureOf((await started()).send({ topic: 'NEW', body: 'x' }))).toMatchObject({ code: 'TOPIC_ROUTE_NOT_FOUND', details: { topic: 'NEW' } });
  });

  it('sends only to brokers with a master', async () => {
    await cluster.start('broker-c:1');
    cluster.route('M', ['broker-a', 'broker-c:1'], 2);
    expect((await (await started()).queuesOf('M')).map((queue) => queue.brokerName)).toEqual(['broker-a', 'broker-a']);
  });

  it('announces its group to every master, also again after a lost connection', async () => {
    const producer = await started();
    await producer.send({ topic: 'T', body: 'x' });
    await advance(cluster.clock, 31_000);
    for (const broker of ['broker-a', 'broker-b']) {
      const beats = cluster.requests(RequestCode.HEART_BEAT, broker);
      expect(decodeHeartbeatData(beats[0].request.body)).toMatchObject({ clientID: '10.0.0.1@me', producerDataSet: [{ groupName: 'PG' }] });
    }
    const before = cluster.requests(RequestCode.HEART_BEAT, 'broker-a').length;
    for (const channel of cluster.channels('broker-a')) channel.close();
    await settled();
    await Promise.all(Array.from({ length: 4 }, () => producer.send({ topic: 'T', body: 'y' })));
    expect(cluster.requests(RequestCode.HEART_BEAT, 'broker-a').length).toBe(before + 1);
  });

  it('sends on while a broker that is being stopped answers even heartbeats with GO_AWAY', async () => {
    cluster.on(RequestCode.HEART_BEAT, () => ({ code: ResponseCode.GO_AWAY }), 'broker-a');
    const producer = await started();
    await Promise.all(Array.from({ length: 8 }, () => producer.send({ topic: 'T', body: 'x' })));
    expect(cluster.requests(SEND)).toHaveLength(8);
  });

  it('writes the properties a broker and consumers need', async () => {
    const producer = await started();
    const { msgId } = await producer.send({ topic: 'T', body: 'x'.repeat(5_000), tag: 'a', keys: ['k', 'l'], shardingKey: 's', delayTimeLevel: 3, waitStoreMsgOk: false, properties: { mine: '1' } });
    const [{ fields, request }] = cluster.requests(SEND);
    expect(decodeProperties(fields.i)).toEqual({ TAGS: 'a', KEYS: 'k l', __SHARDINGKEY: 's', DELAY: '3', WAIT: 'false', UNIQ_KEY: msgId, mine: '1' });
    expect(fields).toMatchObject({ a: 'PG', f: '769', j: '0', k: 'false', m: 'false' });
    expect(request.body.length).toBeLessThan(200);
  });

  it('keeps tenants apart by their namespace', async () => {
    cluster.route('tenant%T', ['broker-a'], 1);
    const producer = await started({ namespace: 'tenant' });
    await producer.send({ topic: 'T', body: 'x' });
    expect(cluster.requests(SEND)[0].fields).toMatchObject({ a: 'tenant%PG', b: 'tenant%T' });
  });

  it('signs every request when it has credentials', async () => {
    const producer = await started({ credentials: { accessKey: 'ak', secretKey: 'sk' } });
    await producer.send({ topic: 'T', body: 'x' });
    await producer.sendOneway({ topic: 'T', body: 'x' });
    await settled();
    for (const { fields } of cluster.received) expect(fields).toMatchObject({ AccessKey: 'ak', Signature: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/) });
  });

  it.each([
    ['an empty body', { topic: 'T', body: '' }, 'MESSAGE_ILLEGAL'],
    ['a body over the limit', { topic: 'T', body: Buffer.alloc(101) }, 'MESSAGE_TOO_LARGE'],
    ['a blank topic', { topic: ' ', body: 'x' }, 'MESSAGE_ILLEGAL'],
    ['a topic with illegal characters', { topic: 'a b', body: 'x' }, 'MESSAGE_ILLEGAL'],
    ['a topic of the brokers', { topic: 'SCHEDULE_TOPIC_XXXX', body: 'x' }, 'MESSAGE_ILLEGAL'],
    ['a negative delay level', { topic: 'T', body: 'x', delayTimeLevel: -1 }, 'MESSAGE_ILLEGAL'],
    ['a delivery time that is none', { topic: 'T', body: 'x', deliverAt: Number.NaN }, 'MESSAGE_ILLEGAL'],
  ])('refuses %s before anything is sent', async (_, message, code) => {
    expect(await failureOf((await started({ maxMessageSize: 100 })).send(message))).toMatchObject({ code });
    expect(cluster.requests(SEND)).toHaveLength(0);
  });

  it('refuses batches that brokers could not keep together', async () => {
    const producer = await started();
    const bad = [[], [{ topic: 'T', body: 'x' }, { topic: 'U', body: 'x' }], [{ topic: 'T', body: 'x', delayTimeLevel: 1 }], [{ topic: 'T', body: 'x', waitStoreMsgOk: false }, { topic: 'T', body: 'x' }]];
    for (const messages of bad) expect(await failureOf(producer.sendBatch(messages))).toMatchObject({ code: 'MESSAGE_ILLEGAL' });
  });

  it('waits for sends in flight at shutdown, leaves the group, and then refuses to send', async () => {
    let answer: (() => void) | undefined;
    cluster.on(SEND, () => new Promise((resolve) => (answer = () => resolve({ code: 0, extFields: { queueOffset: '1' } }))));
    const producer = await started();
    let done = '';
    const sending = producer.send({ topic: 'T', body: 'x' }).then(() => (done += 'sent '));
    await settled();
    const stopping = producer.shutdown().then(() => (done += 'stopped'));
    await settled();
    expect(done).toBe('');
    answer?.();
    await Promise.all([sending, stopping]);
    expect(done).toBe('sent stopped');
    expect(cluster.requests(RequestCode.UNREGISTER_CLIENT).map(({ fields }) => fields)).toContainEqual(expect.objectContaining({ clientID: '10.0.0.1@me', producerGroup: 'PG' }));
    expect(await failureOf(producer.send({ topic: 'T', body: 'x' }))).toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('avoids a broker that failed, for a while, when told to', async () => {
    cluster.on(SEND, () => ({ code: ResponseCode.SYSTEM_BUSY }), 'broker-a');
    const producer = await started({ sendLatencyFaultEnable: true });
    for (let i = 0; i < 8; i++) await producer.send({ topic: 'T', body: 'x' });
    expect(cluster.requests(SEND, 'broker-a')).toHaveLength(1);
    await advance(cluster.clock, 11_000);
    for (let i = 0; i < 4; i++) await producer.send({ topic: 'T', body: 'x' });
    expect(cluster.requests(SEND, 'broker-a')).toHaveLength(2);
  });
});

describe("a producer's options", () => {
  it.each([
    [{ nameServers: '' }, 'nameServers'],
    [{ nameServers: 'no-port' }, 'nameServers'],
    [{ nameServers: 'a:1', group: 'a b' }, 'group'],
    [{ nameServers: 'a:1', sendTimeoutMs: 0 }, 'sendTimeoutMs'],
    [{ nameServers: 'a:1', retryTimesWhenSendFailed: -1 }, 'retryTimesWhenSendFailed'],
    [{ nameServers: 'a:1', maxMessageSize: 1.5 }, 'maxMessageSize'],
    [{ nameServers: 'a:1', credentials: { accessKey: 'a', secretKey: '' } }, 'credentials'],
    [{ nameServers: 'a:1', instanceName: ' ' }, 'instanceName'],
  ])('%j is refused with one clear error', (options, name) => {
    expect(() => new Producer(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(name) }));
  });
});
