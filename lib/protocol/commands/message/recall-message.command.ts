import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Takes a timer message back before it is delivered.
 * Apache: RecallMessageRequestHeader.java, RecallMessageResponseHeader.java.
 */
export const recallMessage = defineCommand({
  name: 'RECALL_MESSAGE',
  code: RequestCode.RECALL_MESSAGE,
  request: {
    producerGroup: optional.string(),
    topic: required.string(),
    recallHandle: required.string(),
  },
  response: {
    msgId: required.string(),
  },
});
