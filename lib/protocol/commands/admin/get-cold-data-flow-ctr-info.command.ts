import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the limits of reading cold data as JSON.
 */
export const getColdDataFlowCtrInfo = defineCommand({
  name: 'GET_COLD_DATA_FLOW_CTR_INFO',
  code: RequestCode.GET_COLD_DATA_FLOW_CTR_INFO,
  request: {},
  response: {},
});
