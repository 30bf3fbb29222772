import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks for the first readable offset of a queue.
 * Apache: GetMinOffsetRequestHeader.java, GetMinOffsetResponseHeader.java.
 */
export const getMinOffset = defineCommand({
  name: 'GET_MIN_OFFSET',
  code: RequestCode.GET_MIN_OFFSET,
  request: {
    topic: required.string(),
    queueId: required.int(),
  },
  response: {
    offset: required.long(),
  },
});
