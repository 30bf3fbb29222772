import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Broker to client, one-way: the members of a group changed, rebalance.
 * Apache: NotifyConsumerIdsChangedRequestHeader.java.
 */
export const notifyConsumerIdsChanged = defineCommand({
  name: 'NOTIFY_CONSUMER_IDS_CHANGED',
  code: RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
  request: {
    consumerGroup: required.string(),
  },
  response: {},
});
