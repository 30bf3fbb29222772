import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics with unit subscriptions. Response body: topic list.
 */
export const getHasUnitSubTopicList = defineCommand({
  name: 'GET_HAS_UNIT_SUB_TOPIC_LIST',
  code: RequestCode.GET_HAS_UNIT_SUB_TOPIC_LIST,
  request: {},
  response: {},
});
