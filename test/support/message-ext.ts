import type { MessageExt } from '../../lib/protocol/message/message.js';

/** A stored message with values that do not matter, except those given. */
export function messageExt(fields: Partial<MessageExt> = {}): MessageExt {
  const queueOffset = fields.queueOffset ?? 0;
  return {
    topic: 'T',
    body: Buffer.from('body'),
    flag: 0,
    properties: {},
    brokerName: 'broker-a',
    queueId: 0,
    queueOffset,
    commitLogOffset: queueOffset * 100,
    storeSize: 100,
    bodyCrc: 0,
    sysFlag: 0,
    bornTimestamp: 1_700_000_000_000,
    bornHost: { ip: '127.0.0.1', port: 1 },
    storeTimestamp: 1_700_000_000_000,
    storeHost: { ip: '127.0.0.1', port: 10911 },
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    msgId: `M${queueOffset}`,
    offsetMsgId: `O${queueOffset}`,
    ...fields,
  };
}
