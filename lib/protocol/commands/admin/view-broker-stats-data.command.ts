import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads one statistic. Response body: broker stats.
 * Apache: ViewBrokerStatsDataRequestHeader.java.
 */
export const viewBrokerStatsData = defineCommand({
  name: 'VIEW_BROKER_STATS_DATA',
  code: RequestCode.VIEW_BROKER_STATS_DATA,
  request: {
    statsName: required.string(),
    statsKey: required.string(),
  },
  response: {},
});
