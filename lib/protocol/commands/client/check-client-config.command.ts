import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks whether the broker accepts a subscription; request body: the subscription.
 */
export const checkClientConfig = defineCommand({
  name: 'CHECK_CLIENT_CONFIG',
  code: RequestCode.CHECK_CLIENT_CONFIG,
  request: {},
  response: {},
});
