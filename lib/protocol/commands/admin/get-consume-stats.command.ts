import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads how far a group has consumed; `topicList` is joined by `;`. Response body: consume stats.
 * Apache: GetConsumeStatsRequestHeader.java.
 */
export const getConsumeStats = defineCommand({
  name: 'GET_CONSUME_STATS',
  code: RequestCode.GET_CONSUME_STATS,
  request: {
    consumerGroup: required.string(),
    topic: optional.string(),
    topicList: optional.string(),
  },
  response: {},
});
