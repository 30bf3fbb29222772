import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Broker to consumer: tell the offsets of your queues. Response body: consumer status.
 * Apache: GetConsumerStatusRequestHeader.java.
 */
export const getConsumerStatusFromClient = defineCommand({
  name: 'GET_CONSUMER_STATUS_FROM_CLIENT',
  code: RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT,
  request: {
    topic: required.string(),
    group: required.string(),
    clientAddr: optional.string(),
  },
  response: {},
});
