import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists all producers. Response body: producer table.
 * Apache: GetAllProducerInfoRequestHeader.java.
 */
export const getAllProducerInfo = defineCommand({
  name: 'GET_ALL_PRODUCER_INFO',
  code: RequestCode.GET_ALL_PRODUCER_INFO,
  request: {},
  response: {},
});
