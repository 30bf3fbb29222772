import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the connections of a consumer group; CONSUMER_NOT_ONLINE when it has none. Response body: consumer connection.
 * Apache: GetConsumerConnectionListRequestHeader.java.
 */
export const getConsumerConnectionList = defineCommand({
  name: 'GET_CONSUMER_CONNECTION_LIST',
  code: RequestCode.GET_CONSUMER_CONNECTION_LIST,
  request: {
    consumerGroup: required.string(),
  },
  response: {},
});
