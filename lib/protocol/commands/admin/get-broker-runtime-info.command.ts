import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads facts about the running broker. Response body: KV table.
 */
export const getBrokerRuntimeInfo = defineCommand({
  name: 'GET_BROKER_RUNTIME_INFO',
  code: RequestCode.GET_BROKER_RUNTIME_INFO,
  request: {},
  response: {},
});
