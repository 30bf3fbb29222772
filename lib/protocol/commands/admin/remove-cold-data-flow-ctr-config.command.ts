import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Removes the limit of a group; request body: its name.
 */
export const removeColdDataFlowCtrConfig = defineCommand({
  name: 'REMOVE_COLD_DATA_FLOW_CTR_CONFIG',
  code: RequestCode.REMOVE_COLD_DATA_FLOW_CTR_CONFIG,
  request: {},
  response: {},
});
