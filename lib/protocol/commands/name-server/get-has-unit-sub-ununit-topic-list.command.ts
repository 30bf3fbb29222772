import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics with unit subscriptions that are not of units. Response body: topic list.
 */
export const getHasUnitSubUnunitTopicList = defineCommand({
  name: 'GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST',
  code: RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST,
  request: {},
  response: {},
});
