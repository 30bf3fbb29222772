import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics of a group. Response body: topic list.
 * Apache: QueryTopicsByConsumerRequestHeader.java.
 */
export const queryTopicsByConsumer = defineCommand({
  name: 'QUERY_TOPICS_BY_CONSUMER',
  code: RequestCode.QUERY_TOPICS_BY_CONSUMER,
  request: {
    group: required.string(),
  },
  response: {},
});
