import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks whether there are messages to pop; may be held by the broker.
 * Apache: NotificationRequestHeader.java, NotificationResponseHeader.java.
 */
export const notification = defineCommand({
  name: 'NOTIFICATION',
  code: RequestCode.NOTIFICATION,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    pollTime: required.long(),
    bornTime: required.long(),
    order: withDefault('boolean', false),
    attemptId: optional.string(),
  },
  response: {
    hasMsg: withDefault('boolean', false),
    pollingFull: withDefault('boolean', false),
  },
});
