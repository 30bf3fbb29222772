import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the offsets of all queues of a topic. Response body: topic stats.
 * Apache: GetTopicStatsInfoRequestHeader.java.
 */
export const getTopicStatsInfo = defineCommand({
  name: 'GET_TOPIC_STATS_INFO',
  code: RequestCode.GET_TOPIC_STATS_INFO,
  request: {
    topic: required.string(),
  },
  response: {},
});
