import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks when the first readable message of a queue was stored; -1 when it is empty.
 * Apache: GetEarliestMsgStoretimeRequestHeader.java, GetEarliestMsgStoretimeResponseHeader.java.
 */
export const getEarliestMsgStoretime = defineCommand({
  name: 'GET_EARLIEST_MSG_STORETIME',
  code: RequestCode.GET_EARLIEST_MSG_STORETIME,
  request: {
    topic: required.string(),
    queueId: required.int(),
  },
  response: {
    timestamp: required.long(),
  },
});
