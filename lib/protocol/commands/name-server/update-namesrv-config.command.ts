import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Changes the NameServer configuration; request body: properties text.
 */
export const updateNamesrvConfig = defineCommand({
  name: 'UPDATE_NAMESRV_CONFIG',
  code: RequestCode.UPDATE_NAMESRV_CONFIG,
  request: {},
  response: {},
});
