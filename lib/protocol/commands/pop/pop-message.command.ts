import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Takes messages of a topic for `invisibleTime` ms, without owning a queue; may be held by the broker.
 * Apache: PopMessageRequestHeader.java, PopMessageResponseHeader.java.
 */
export const popMessage = defineCommand({
  name: 'POP_MESSAGE',
  code: RequestCode.POP_MESSAGE,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    maxMsgNums: required.int(),
    invisibleTime: required.long(),
    pollTime: required.long(),
    bornTime: required.long(),
    initMode: required.int(),
    expType: optional.string(),
    exp: optional.string(),
    order: withDefault('boolean', false),
    attemptId: optional.string(),
  },
  response: {
    popTime: required.long(),
    invisibleTime: required.long(),
    reviveQid: required.int(),
    restNum: required.long(),
    startOffsetInfo: optional.string(),
    msgOffsetInfo: optional.string(),
    orderCountInfo: optional.string(),
  },
});
