import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the connections of a producer group. Response body: producer connection.
 * Apache: GetProducerConnectionListRequestHeader.java.
 */
export const getProducerConnectionList = defineCommand({
  name: 'GET_PRODUCER_CONNECTION_LIST',
  code: RequestCode.GET_PRODUCER_CONNECTION_LIST,
  request: {
    producerGroup: required.string(),
  },
  response: {},
});
