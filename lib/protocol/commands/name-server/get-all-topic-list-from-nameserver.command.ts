import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists all topics. Response body: topic list.
 */
export const getAllTopicListFromNameserver = defineCommand({
  name: 'GET_ALL_TOPIC_LIST_FROM_NAMESERVER',
  code: RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER,
  request: {},
  response: {},
});
