import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';
import { sendMessageV2 } from './send-message-v2.command.js';

/**
 * Stores several messages of one queue; the request body is in the form of `batch-codec.ts`.
 * The response has the ids joined by commas and the offset of the first message.
 * Apache: SendMessageRequestHeaderV2.java, SendMessageResponseHeader.java.
 */
export const sendBatchMessage = defineCommand({
  name: 'SEND_BATCH_MESSAGE',
  code: RequestCode.SEND_BATCH_MESSAGE,
  request: sendMessageV2.request,
  response: sendMessageV2.response,
});
