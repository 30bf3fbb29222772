import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks for a later redelivery of a consumed message, found by its commit-log offset.
 * Apache: ConsumerSendMsgBackRequestHeader.java.
 */
export const consumerSendMessageBack = defineCommand({
  name: 'CONSUMER_SEND_MSG_BACK',
  code: RequestCode.CONSUMER_SEND_MSG_BACK,
  request: {
    offset: required.long(),
    group: required.string(),
    delayLevel: required.int(),
    originMsgId: optional.string(),
    originTopic: optional.string(),
    unitMode: withDefault('boolean', false),
    maxReconsumeTimes: optional.int(),
  },
  response: {},
});
