import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the groups that consume a topic. Response body: group list.
 * Apache: QueryTopicConsumeByWhoRequestHeader.java.
 */
export const queryTopicConsumeByWho = defineCommand({
  name: 'QUERY_TOPIC_CONSUME_BY_WHO',
  code: RequestCode.QUERY_TOPIC_CONSUME_BY_WHO,
  request: {
    topic: required.string(),
  },
  response: {},
});
