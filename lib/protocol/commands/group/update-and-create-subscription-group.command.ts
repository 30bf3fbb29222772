import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates or changes a consumer group; request body: subscription group config.
 */
export const updateAndCreateSubscriptionGroup = defineCommand({
  name: 'UPDATE_AND_CREATE_SUBSCRIPTIONGROUP',
  code: RequestCode.UPDATE_AND_CREATE_SUBSCRIPTIONGROUP,
  request: {},
  response: {},
});
