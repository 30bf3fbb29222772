import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics named after clusters and brokers. Response body: topic list.
 */
export const getSystemTopicListFromNs = defineCommand({
  name: 'GET_SYSTEM_TOPIC_LIST_FROM_NS',
  code: RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS,
  request: {},
  response: {},
});
