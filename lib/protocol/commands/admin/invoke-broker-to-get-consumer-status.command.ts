import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks consumers for their offsets. Response body: consumer status.
 * Apache: GetConsumerStatusRequestHeader.java.
 */
export const invokeBrokerToGetConsumerStatus = defineCommand({
  name: 'INVOKE_BROKER_TO_GET_CONSUMER_STATUS',
  code: RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS,
  request: {
    topic: required.string(),
    group: required.string(),
    clientAddr: optional.string(),
  },
  response: {},
});
