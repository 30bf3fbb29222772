import { defineCommand, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes a consumer group.
 * Apache: DeleteSubscriptionGroupRequestHeader.java.
 */
export const deleteSubscriptionGroup = defineCommand({
  name: 'DELETE_SUBSCRIPTIONGROUP',
  code: RequestCode.DELETE_SUBSCRIPTIONGROUP,
  request: {
    groupName: required.string(),
    cleanOffset: withDefault('boolean', false),
  },
  response: {},
});
