import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Prolongs or shortens the time a popped message stays hidden.
 * Apache: ChangeInvisibleTimeRequestHeader.java, ChangeInvisibleTimeResponseHeader.java.
 */
export const changeMessageInvisibleTime = defineCommand({
  name: 'CHANGE_MESSAGE_INVISIBLETIME',
  code: RequestCode.CHANGE_MESSAGE_INVISIBLETIME,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    extraInfo: required.string(),
    offset: required.long(),
    invisibleTime: required.long(),
    /** From 5.5.0 on. */
    suspend: optional.boolean(),
  },
  response: {
    popTime: required.long(),
    invisibleTime: required.long(),
    reviveQid: required.int(),
  },
});
