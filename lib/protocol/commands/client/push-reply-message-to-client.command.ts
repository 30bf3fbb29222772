import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Broker to requester: the reply of a request-reply, its body in the request body.
 * Apache: ReplyMessageRequestHeader.java.
 */
export const pushReplyMessageToClient = defineCommand({
  name: 'PUSH_REPLY_MESSAGE_TO_CLIENT',
  code: RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT,
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
    unitMode: withDefault('boolean', false),
    bornHost: required.string(),
    storeHost: required.string(),
    storeTimestamp: required.long(),
  },
  response: {},
});
