import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Settles one popped message.
 * Apache: AckMessageRequestHeader.java.
 */
export const ackMessage = defineCommand({
  name: 'ACK_MESSAGE',
  code: RequestCode.ACK_MESSAGE,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    extraInfo: required.string(),
    offset: required.long(),
  },
  response: {},
});
