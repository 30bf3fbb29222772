import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads how far all groups have consumed. Response body: consume stats list.
 * Apache: GetConsumeStatsInBrokerHeader.java.
 */
export const getBrokerConsumeStats = defineCommand({
  name: 'GET_BROKER_CONSUME_STATS',
  code: RequestCode.GET_BROKER_CONSUME_STATS,
  request: {
    isOrder: required.boolean(),
  },
  response: {},
});
