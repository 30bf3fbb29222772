import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * As SEND_REPLY_MESSAGE, with the one-letter fields of SEND_MESSAGE_V2.
 * Apache: SendMessageRequestHeaderV2.java, SendMessageResponseHeader.java.
 */
export const sendReplyMessageV2 = defineCommand({
  name: 'SEND_REPLY_MESSAGE_V2',
  code: RequestCode.SEND_REPLY_MESSAGE_V2,
  request: {
    producerGroup: required.string('a'),
    topic: required.string('b'),
    defaultTopic: required.string('c'),
    defaultTopicQueueNums: required.int('d'),
    queueId: required.int('e'),
    sysFlag: required.int('f'),
    bornTimestamp: required.long('g'),
    flag: required.int('h'),
    properties: optional.string('i'),
    reconsumeTimes: optional.int('j'),
    unitMode: optional.boolean('k'),
    maxReconsumeTimes: optional.int('l'),
    batch: optional.boolean('m'),
    brokerName: optional.string('n'),
  },
  response: {
    msgId: required.string(),
    queueId: required.int(),
    queueOffset: required.long(),
    transactionId: optional.string(),
    batchUniqId: optional.string(),
    recallHandle: optional.string(),
    /** Region of the broker, for traces. */
    msgRegion: optional.string('MSG_REGION'),
    /** Whether the broker wants this message traced. */
    traceOn: optional.boolean('TRACE_ON'),
  },
});
