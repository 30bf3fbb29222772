import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Changes the limits of reading cold data; request body: properties text.
 */
export const updateColdDataFlowCtrConfig = defineCommand({
  name: 'UPDATE_COLD_DATA_FLOW_CTR_CONFIG',
  code: RequestCode.UPDATE_COLD_DATA_FLOW_CTR_CONFIG,
  request: {},
  response: {},
});
