import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the offsets of the delay levels. Response body: delay offset wrapper.
 */
export const getAllDelayOffset = defineCommand({
  name: 'GET_ALL_DELAY_OFFSET',
  code: RequestCode.GET_ALL_DELAY_OFFSET,
  request: {},
  response: {},
});
