import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';
import { sendMessage } from './send-message.command.js';

/**
 * Sends the reply of a request-reply to the broker, which pushes it to the requester.
 * Apache: SendMessageRequestHeader.java, SendMessageResponseHeader.java.
 */
export const sendReplyMessage = defineCommand({
  name: 'SEND_REPLY_MESSAGE',
  code: RequestCode.SEND_REPLY_MESSAGE,
  request: sendMessage.request,
  response: sendMessage.response,
});
