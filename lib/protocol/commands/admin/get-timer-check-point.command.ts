import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the timer checkpoint. Response body: its binary form.
 */
export const getTimerCheckPoint = defineCommand({
  name: 'GET_TIMER_CHECK_POINT',
  code: RequestCode.GET_TIMER_CHECK_POINT,
  request: {},
  response: {},
});
