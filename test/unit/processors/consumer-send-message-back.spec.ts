import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { consumerSendMessageBack } from '../../../lib/protocol/commands/message/consumer-send-message-back.command.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import type { RequestHeaderOf } from '../../../lib/protocol/define-command.js';
import { decodeOffsetMsgId } from '../../../lib/protocol/message/message-id.js';
import { decodeRecord, decodeRecords } from '../../../lib/protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { eventually } from '../../support/eventually.js';
import type { FakeChannel } from '../../support/fake-channel.js';
import { bodyOf, ProcessorBench } from '../../support/processor-bench.js';

describe('sending a message back', () => {
  let bench: ProcessorBench;
  let client: FakeChannel;
  let msgId: string;

  beforeEach(async () => {
    bench = new ProcessorBench();
    client = bench.connect();
    msgId = (await bench.send(client, 'T1', 'work', { UNIQ_KEY: 'U1', KEYS: 'order-1', TAGS: 'A' })).extFields?.msgId ?? '';
    await bench.heartbeat(client, 'c1', 'G', { T1: '*' });
  });

  afterEach(() => bench.close());

  const back = (rest: Partial<RequestHeaderOf<typeof consumerSendMessageBack>> = {}, version = 479) =>
    bench.ask(client, consumerSendMessageBack, { offset: decodeOffsetMsgId(msgId).physicalOffset, group: 'G', delayLevel: 0, unitMode: false, ...rest }, { version });
  const stored = (topic: string) => bench.store.recordsOf(topic).map((record) => decodeRecord(record, 0));

  it('stores a copy that waits for the first retry', async () => {
    expect(await back()).toMatchObject({ code: ResponseCode.SUCCESS });
    const [copy] = stored('SCHEDULE_TOPIC_XXXX');
    expect(copy).toMatchObject({
      queueId: 2,
      reconsumeTimes: 1,
      body: Buffer.from('work'),
      properties: {
        UNIQ_KEY: 'U1',
        KEYS: 'order-1',
        TAGS: 'A',
        DELAY: '3',
        WAIT: 'false',
        RETRY_TOPIC: 'T1',
        ORIGIN_MESSAGE_ID: msgId,
        REAL_TOPIC: '%RETRY%G',
        REAL_QID: '0',
      },
    });
  });

  it('delivers it to the retry topic after ten seconds, with the tag of the original', async () => {
    await back();
    const header = bench.pullHeader('G', '%RETRY%G', 0, { sysFlag: 2, subscription: undefined });
    await bench.heartbeat(client, 'c1', 'G', { T1: '*', '%RETRY%G': '*' });
    const request = bench.post(client, pullMessage, header);
    await bench.clock.advanceAsync(9_999);
    expect(bench.answerTo(client, request)).toBeUndefined();
    await bench.clock.advanceAsync(1);
    const [message] = decodeRecords(bodyOf(await eventually('the retry', () => bench.answerTo(client, request), 5_000, 1)));
    expect(message).toMatchObject({ topic: '%RETRY%G', queueId: 0, reconsumeTimes: 1, properties: { RETRY_TOPIC: 'T1', UNIQ_KEY: 'U1', DELAY: '3' } });
  });

  it('waits longer after every failure and keeps the original topic and id', async () => {
    let offset = decodeOffsetMsgId(msgId).physicalOffset;
    for (const [attempt, delayMs] of [10_000, 30_000, 60_000].entries()) {
      await back({ offset });
      await bench.clock.advanceAsync(delayMs - 1);
      expect(stored('%RETRY%G')).toHaveLength(attempt);
      await bench.clock.advanceAsync(1);
      const retried = (await eventually('the retry', () => stored('%RETRY%G').at(attempt), 5_000, 1));
      expect(retried).toMatchObject({ reconsumeTimes: attempt + 1, properties: { RETRY_TOPIC: 'T1', ORIGIN_MESSAGE_ID: msgId } });
      offset = retried.commitLogOffset;
    }
  });

  it('uses the level the consumer asks for, cut down to the highest', async () => {
    await back({ delayLevel: 5 });
    await back({ delayLevel: 99 });
    expect(stored('SCHEDULE_TOPIC_XXXX').map(({ queueId, properties }) => [queueId, properties.DELAY])).toEqual([
      [4, '5'],
      [17, '18'],
    ]);
  });

  it.each([
    ['the consumer asks for it', { delayLevel: -1 }, 479, true],
    ['the limit of the request is reached', { maxReconsumeTimes: 0 }, 479, true],
    ['the client is too old for a limit', { maxReconsumeTimes: 0 }, 120, false],
  ])('goes to the dead letters when %s', async (_, header, version, dead) => {
    expect(await back(header, version)).toMatchObject({ code: ResponseCode.SUCCESS });
    expect(stored('%DLQ%G')).toHaveLength(dead ? 1 : 0);
    if (!dead) return;
    expect(stored('%DLQ%G')[0]).toMatchObject({ queueId: 0, reconsumeTimes: 1, properties: { RETRY_TOPIC: 'T1', DELAY: '0', UNIQ_KEY: 'U1' } });
    expect(bench.state.topics.find('%DLQ%G')).toMatchObject({ readQueueNums: 1, writeQueueNums: 1, perm: 6 });
  });

  it('goes to the dead letters after the retries of the group', async () => {
    const config = bench.state.groups.find('G');
    if (config === undefined) throw new Error('the group is missing');
    bench.state.groups.update([{ ...config, retryMaxTimes: 1, attributes: {} }]);
    await back({ delayLevel: 1 });
    await bench.clock.advanceAsync(1_000);
    const retried = await eventually('the retry', () => stored('%RETRY%G').at(0), 5_000, 1);
    await back({ offset: retried.commitLogOffset, delayLevel: 1 });
    expect(stored('%DLQ%G')).toHaveLength(1);
  });

  it('drops messages of groups without retry queues', async () => {
    const config = bench.state.groups.find('G');
    if (config === undefined) throw new Error('the group is missing');
    bench.state.groups.update([{ ...config, retryQueueNums: 0, attributes: {} }]);
    expect(await back()).toMatchObject({ code: ResponseCode.SUCCESS });
    expect(stored('SCHEDULE_TOPIC_XXXX')).toEqual([]);
  });

  it('answers what is wrong', async () => {
    expect(await back({ offset: 77_777 })).toMatchObject({ code: ResponseCode.SYSTEM_ERROR, remark: 'look message by offset failed, 77777' });
    expect(await back({ group: 'a/b' })).toMatchObject({ code: ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST });
    bench.store.appendStatus = 'SLAVE_NOT_AVAILABLE';
    expect(await back()).toMatchObject({ code: ResponseCode.SYSTEM_ERROR, remark: 'SLAVE_NOT_AVAILABLE' });
    bench.options.brokerPermission = 4;
    expect(await back()).toMatchObject({ code: ResponseCode.NO_PERMISSION });
  });
});
