import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Stores the next offset of a group in a queue.
 * Apache: UpdateConsumerOffsetRequestHeader.java.
 */
export const updateConsumerOffset = defineCommand({
  name: 'UPDATE_CONSUMER_OFFSET',
  code: RequestCode.UPDATE_CONSUMER_OFFSET,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    commitOffset: required.long(),
  },
  response: {},
});
