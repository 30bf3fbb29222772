import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Makes all topics of a broker read-only in the routes.
 * Apache: WipeWritePermOfBrokerRequestHeader.java, WipeWritePermOfBrokerResponseHeader.java.
 */
export const wipeWritePermOfBroker = defineCommand({
  name: 'WIPE_WRITE_PERM_OF_BROKER',
  code: RequestCode.WIPE_WRITE_PERM_OF_BROKER,
  request: {
    brokerName: required.string(),
  },
  response: {
    wipeTopicCount: required.int(),
  },
});
