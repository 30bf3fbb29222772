import { defineCommand, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks for the offset the next message of a queue will get.
 * Apache: GetMaxOffsetRequestHeader.java, GetMaxOffsetResponseHeader.java.
 */
export const getMaxOffset = defineCommand({
  name: 'GET_MAX_OFFSET',
  code: RequestCode.GET_MAX_OFFSET,
  request: {
    topic: required.string(),
    queueId: required.int(),
    committed: withDefault('boolean', true),
  },
  response: {
    offset: required.long(),
  },
});
