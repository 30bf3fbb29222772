import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads which groups pull and which pop. Response body: message request modes.
 */
export const getAllMessageRequestMode = defineCommand({
  name: 'GET_ALL_MESSAGE_REQUEST_MODE',
  code: RequestCode.GET_ALL_MESSAGE_REQUEST_MODE,
  request: {},
  response: {},
});
