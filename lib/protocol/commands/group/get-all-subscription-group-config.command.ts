import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads all consumer groups, or a page of them. Response body: subscription group wrapper.
 * Before 5.3.4 without any field, in both directions.
 * Apache: GetAllSubscriptionGroupRequestHeader.java, GetAllSubscriptionGroupResponseHeader.java.
 */
export const getAllSubscriptionGroupConfig = defineCommand({
  name: 'GET_ALL_SUBSCRIPTIONGROUP_CONFIG',
  code: RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
  request: {
    groupSeq: optional.int(),
    dataVersion: optional.string(),
    maxGroupNum: optional.int(),
  },
  response: {
    totalGroupNum: optional.int(),
  },
});
