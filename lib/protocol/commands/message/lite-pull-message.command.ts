import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';
import { pullMessage } from './pull-message.command.js';

/**
 * As PULL_MESSAGE, sent by lite pull consumers.
 * Apache: PullMessageRequestHeader.java, PullMessageResponseHeader.java.
 */
export const litePullMessage = defineCommand({
  name: 'LITE_PULL_MESSAGE',
  code: RequestCode.LITE_PULL_MESSAGE,
  request: pullMessage.request,
  response: pullMessage.response,
});
