import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the timer metrics as JSON.
 */
export const getTimerMetrics = defineCommand({
  name: 'GET_TIMER_METRICS',
  code: RequestCode.GET_TIMER_METRICS,
  request: {},
  response: {},
});
