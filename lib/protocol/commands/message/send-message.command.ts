import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Stores one message, its body in the request body. Old form with long field names, sent by the Go client.
 * Apache: SendMessageRequestHeader.java, SendMessageResponseHeader.java.
 */
export const sendMessage = defineCommand({
  name: 'SEND_MESSAGE',
  code: RequestCode.SEND_MESSAGE,
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
