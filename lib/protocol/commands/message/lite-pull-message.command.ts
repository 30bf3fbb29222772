import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * As PULL_MESSAGE, sent by lite pull consumers.
 * Apache: PullMessageRequestHeader.java, PullMessageResponseHeader.java.
 */
export const litePullMessage = defineCommand({
  name: 'LITE_PULL_MESSAGE',
  code: RequestCode.LITE_PULL_MESSAGE,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    queueOffset: required.long(),
    maxMsgNums: required.int(),
    sysFlag: required.int(),
    commitOffset: required.long(),
    suspendTimeoutMillis: required.long(),
    subscription: optional.string(),
    subVersion: required.wideLong(),
    expressionType: optional.string(),
    maxMsgBytes: optional.int(),
    requestSource: optional.int(),
    proxyFrowardClientId: optional.string(),
  },
  response: {
    suggestWhichBrokerId: required.long(),
    nextBeginOffset: required.long(),
    minOffset: required.long(),
    maxOffset: required.long(),
    offsetDelta: optional.long(),
    topicSysFlag: optional.int(),
    groupSysFlag: optional.int(),
    forbiddenType: optional.int(),
  },
});
