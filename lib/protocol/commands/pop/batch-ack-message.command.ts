import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Settles popped messages; request body: batch ack.
 */
export const batchAckMessage = defineCommand({
  name: 'BATCH_ACK_MESSAGE',
  code: RequestCode.BATCH_ACK_MESSAGE,
  request: {},
  response: {},
});
