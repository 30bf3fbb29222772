import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the client ids of a consumer group. Response body: consumer list.
 * Apache: GetConsumerListByGroupRequestHeader.java.
 */
export const getConsumerListByGroup = defineCommand({
  name: 'GET_CONSUMER_LIST_BY_GROUP',
  code: RequestCode.GET_CONSUMER_LIST_BY_GROUP,
  request: {
    consumerGroup: required.string(),
  },
  response: {},
});
