import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates or changes several topics; request body: topic config list.
 * Apache: CreateTopicListRequestHeader.java.
 */
export const updateAndCreateTopicList = defineCommand({
  name: 'UPDATE_AND_CREATE_TOPIC_LIST',
  code: RequestCode.UPDATE_AND_CREATE_TOPIC_LIST,
  request: {},
  response: {},
});
