import { defineCommand, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks a consumer, through its broker, for its state. Response body: running info.
 * Apache: GetConsumerRunningInfoRequestHeader.java.
 */
export const getConsumerRunningInfo = defineCommand({
  name: 'GET_CONSUMER_RUNNING_INFO',
  code: RequestCode.GET_CONSUMER_RUNNING_INFO,
  request: {
    consumerGroup: required.string(),
    clientId: required.string(),
    jstackEnable: withDefault('boolean', false),
  },
  response: {},
});
