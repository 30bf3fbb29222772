import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';
import { sendMessageV2 } from './send-message-v2.command.js';

/**
 * As SEND_REPLY_MESSAGE, with the one-letter fields of SEND_MESSAGE_V2.
 * Apache: SendMessageRequestHeaderV2.java, SendMessageResponseHeader.java.
 */
export const sendReplyMessageV2 = defineCommand({
  name: 'SEND_REPLY_MESSAGE_V2',
  code: RequestCode.SEND_REPLY_MESSAGE_V2,
  request: sendMessageV2.request,
  response: sendMessageV2.response,
});
