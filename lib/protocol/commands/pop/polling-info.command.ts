import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks how many pops of a group are held.
 * Apache: PollingInfoRequestHeader.java, PollingInfoResponseHeader.java.
 */
export const pollingInfo = defineCommand({
  name: 'POLLING_INFO',
  code: RequestCode.POLLING_INFO,
  request: {
    consumerGroup: required.string(),
    topic: required.string(),
    queueId: required.int(),
  },
  response: {
    pollingNum: required.int(),
  },
});
