import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the system topics of a broker. Response body: topic list.
 */
export const getSystemTopicListFromBroker = defineCommand({
  name: 'GET_SYSTEM_TOPIC_LIST_FROM_BROKER',
  code: RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER,
  request: {},
  response: {},
});
