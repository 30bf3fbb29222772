import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Moves the offsets of a group to a time (-1: the end) or to an offset. Response body: reset offset body.
 * Apache: ResetOffsetRequestHeader.java.
 */
export const invokeBrokerToResetOffset = defineCommand({
  name: 'INVOKE_BROKER_TO_RESET_OFFSET',
  code: RequestCode.INVOKE_BROKER_TO_RESET_OFFSET,
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
