import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Sets whether a group pulls or pops a topic; request body: message request mode.
 */
export const setMessageRequestMode = defineCommand({
  name: 'SET_MESSAGE_REQUEST_MODE',
  code: RequestCode.SET_MESSAGE_REQUEST_MODE,
  request: {},
  response: {},
});
