import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads messages of one queue from an offset on; may be held by the broker until there are some.
 * Response body: stored records, one after another. Apache: PullMessageRequestHeader.java, PullMessageResponseHeader.java.
 */
export const pullMessage = defineCommand({
  name: 'PULL_MESSAGE',
  code: RequestCode.PULL_MESSAGE,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
    queueOffset: required.long(),
    maxMsgNums: required.int(),
    /** Bits of `pull-sys-flag.ts`. */
    sysFlag: required.int(),
    commitOffset: required.long(),
    suspendTimeoutMillis: required.long(),
    subscription: optional.string(),
    /** Nanoseconds from the Go client, milliseconds from the others. */
    /** Nanoseconds from the Go client, milliseconds from the others. */
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
