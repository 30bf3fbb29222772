import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads all consumer offsets. Response body: consumer offset wrapper.
 */
export const getAllConsumerOffset = defineCommand({
  name: 'GET_ALL_CONSUMER_OFFSET',
  code: RequestCode.GET_ALL_CONSUMER_OFFSET,
  request: {},
  response: {},
});
