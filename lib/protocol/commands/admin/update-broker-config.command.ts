import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Changes the broker configuration; request body: properties text.
 */
export const updateBrokerConfig = defineCommand({
  name: 'UPDATE_BROKER_CONFIG',
  code: RequestCode.UPDATE_BROKER_CONFIG,
  request: {},
  response: {},
});
