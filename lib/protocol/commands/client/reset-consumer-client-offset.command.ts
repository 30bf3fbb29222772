import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Broker to consumer, one-way: go on from the offsets in the request body.
 * Apache: ResetOffsetRequestHeader.java.
 */
export const resetConsumerClientOffset = defineCommand({
  name: 'RESET_CONSUMER_CLIENT_OFFSET',
  code: RequestCode.RESET_CONSUMER_CLIENT_OFFSET,
  request: {
    group: required.string(),
    topic: required.string(),
    queueId: withDefault('int', -1),
    offset: optional.long(),
    timestamp: required.long(),
    isForce: required.boolean(),
  },
  response: {},
});
