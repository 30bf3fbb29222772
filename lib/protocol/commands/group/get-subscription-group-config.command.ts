import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads one consumer group. Response body: subscription group config.
 * Apache: GetSubscriptionGroupConfigRequestHeader.java.
 */
export const getSubscriptionGroupConfig = defineCommand({
  name: 'GET_SUBSCRIPTIONGROUP_CONFIG',
  code: RequestCode.GET_SUBSCRIPTIONGROUP_CONFIG,
  request: {
    group: required.string(),
  },
  response: {},
});
