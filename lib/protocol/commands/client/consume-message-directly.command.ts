import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks a consumer, through its broker, to consume the message in the request body now.
 * Apache: ConsumeMessageDirectlyResultRequestHeader.java.
 */
export const consumeMessageDirectly = defineCommand({
  name: 'CONSUME_MESSAGE_DIRECTLY',
  code: RequestCode.CONSUME_MESSAGE_DIRECTLY,
  request: {
    consumerGroup: required.string(),
    clientId: optional.string(),
    msgId: optional.string(),
    brokerName: optional.string(),
    topic: optional.string(),
    topicSysFlag: optional.int(),
    groupSysFlag: optional.int(),
  },
  response: {},
});
