import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Starts a broker in a broker container.
 * Apache: AddBrokerRequestHeader.java.
 */
export const addBroker = defineCommand({
  name: 'ADD_BROKER',
  code: RequestCode.ADD_BROKER,
  request: {
    configPath: optional.string(),
  },
  response: {},
});
