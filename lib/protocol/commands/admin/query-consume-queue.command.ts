import { defineCommand, optional, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads entries of a consume queue. Response body: consume queue data.
 * Apache: QueryConsumeQueueRequestHeader.java.
 */
export const queryConsumeQueue = defineCommand({
  name: 'QUERY_CONSUME_QUEUE',
  code: RequestCode.QUERY_CONSUME_QUEUE,
  request: {
    topic: optional.string(),
    queueId: withDefault('int', 0),
    index: withDefault('long', 0),
    count: withDefault('int', 0),
    consumerGroup: optional.string(),
  },
  response: {},
});
