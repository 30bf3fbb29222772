import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Sends the reply of a request-reply to the broker, which pushes it to the requester.
 * Apache: SendMessageRequestHeader.java, SendMessageResponseHeader.java.
 */
export const sendReplyMessage = defineCommand({
  name: 'SEND_REPLY_MESSAGE',
  code: RequestCode.SEND_REPLY_MESSAGE,
  request: {
    producerGroup: required.string(),
    topic: required.string(),
    defaultTopic: required.string(),
    defaultTopicQueueNums: required.int(),
    queueId: required.int(),
    sysFlag: required.int(),
    bornTimestamp: required.long(),
    flag: required.int(),
    properties: optional.string(),
    reconsumeTimes: optional.int(),
    unitMode: optional.boolean(),
    batch: optional.boolean(),
    maxReconsumeTimes: optional.int(),
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
