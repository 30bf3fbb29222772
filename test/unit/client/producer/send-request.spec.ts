import { describe, expect, it } from 'vitest';
import { sendRequest } from '../../../../lib/client/producer/send-request.js';
import type { OutgoingMessage } from '../../../../lib/client/producer/outgoing-message.js';
import { sendMessageV2 } from '../../../../lib/protocol/commands/message/send-message-v2.command.js';
import { decodeHeader, encodeHeader } from '../../../../lib/protocol/define-command.js';

const message: OutgoingMessage = {
  topic: 'T',
  flag: 5,
  sysFlag: 1,
  body: Buffer.from('b'),
  properties: 'WAIT\u0001true\u0002',
  uniqueKey: 'U',
  batch: true,
  kind: 'message',
  reconsumeTimes: 2,
  maxReconsumeTimes: 16,
};

describe('the request of a send', () => {
  it('is what the declaration of SEND_MESSAGE_V2 would write, though it is written out by hand', () => {
    const { extFields } = sendRequest(message, { topic: 'T', brokerName: 'broker-a', queueId: 3 }, { producerGroup: 'PG', defaultTopicQueueNums: 4, bornTimestamp: 1_700_000_000_000 });
    const decoded = decodeHeader(sendMessageV2.request, extFields ?? {});
    expect(encodeHeader(sendMessageV2.request, decoded)).toEqual(extFields);
    expect(decoded).toMatchObject({
      producerGroup: 'PG',
      topic: 'T',
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 3,
      sysFlag: 1,
      bornTimestamp: 1_700_000_000_000,
      flag: 5,
      properties: message.properties,
      reconsumeTimes: 2,
      unitMode: false,
      maxReconsumeTimes: 16,
      batch: true,
    });
  });

  it.each([
    [{ batch: false }, 310],
    [{ batch: true }, 320],
    [{ batch: false, kind: 'reply' as const }, 325],
  ])('%j goes out with code %d', (fields, code) => {
    const request = sendRequest({ ...message, ...fields }, { topic: 'T', brokerName: 'b', queueId: 0 }, { producerGroup: 'PG', defaultTopicQueueNums: 4, bornTimestamp: 1 });
    expect(request.code).toBe(code);
  });
});
