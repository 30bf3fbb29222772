import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the next offset of a group in a queue; QUERY_NOT_FOUND when it has none.
 * Apache: QueryConsumerOffsetRequestHeader.java, QueryConsumerOffsetResponseHeader.java.
 */
export const queryConsumerOffset = defineCommand({
  name: 'QUERY_CONSUMER_OFFSET',
  code: RequestCode.QUERY_CONSUMER_OFFSET,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    setZeroIfNotFound: optional.boolean(),
  },
  response: {
    offset: required.long(),
  },
});
