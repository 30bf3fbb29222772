import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics of units. Response body: topic list.
 */
export const getUnitTopicList = defineCommand({
  name: 'GET_UNIT_TOPIC_LIST',
  code: RequestCode.GET_UNIT_TOPIC_LIST,
  request: {},
  response: {},
});
