import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the NameServer configuration. Response body: properties text.
 */
export const getNamesrvConfig = defineCommand({
  name: 'GET_NAMESRV_CONFIG',
  code: RequestCode.GET_NAMESRV_CONFIG,
  request: {},
  response: {},
});
