import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates or changes several consumer groups; request body: subscription group list.
 */
export const updateAndCreateSubscriptionGroupList = defineCommand({
  name: 'UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST',
  code: RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST,
  request: {},
  response: {},
});
