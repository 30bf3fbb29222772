import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Makes all topics of a broker readable and writeable in the routes.
 * Apache: AddWritePermOfBrokerRequestHeader.java, AddWritePermOfBrokerResponseHeader.java.
 */
export const addWritePermOfBroker = defineCommand({
  name: 'ADD_WRITE_PERM_OF_BROKER',
  code: RequestCode.ADD_WRITE_PERM_OF_BROKER,
  request: {
    brokerName: required.string(),
  },
  response: {
    addTopicCount: required.int(),
  },
});
