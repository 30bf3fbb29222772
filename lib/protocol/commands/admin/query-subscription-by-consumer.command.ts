import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the subscription of a group. Response body: query subscription.
 * Apache: QuerySubscriptionByConsumerRequestHeader.java.
 */
export const querySubscriptionByConsumer = defineCommand({
  name: 'QUERY_SUBSCRIPTION_BY_CONSUMER',
  code: RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER,
  request: {
    group: required.string(),
    topic: optional.string(),
  },
  response: {},
});
