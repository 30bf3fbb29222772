import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads messages as POP_MESSAGE would, without taking them.
 * Apache: PeekMessageRequestHeader.java, PopMessageResponseHeader.java.
 */
export const peekMessage = defineCommand({
  name: 'PEEK_MESSAGE',
  code: RequestCode.PEEK_MESSAGE,
  request: {
    topic: required.string(),
    queueId: required.int(),
    maxMsgNums: required.int(),
    consumerGroup: required.string(),
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
