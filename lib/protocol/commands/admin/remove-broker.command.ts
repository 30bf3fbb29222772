import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Stops a broker in a broker container.
 * Apache: RemoveBrokerRequestHeader.java.
 */
export const removeBroker = defineCommand({
  name: 'REMOVE_BROKER',
  code: RequestCode.REMOVE_BROKER,
  request: {
    brokerName: required.string(),
    brokerClusterName: required.string(),
    brokerId: required.long(),
  },
  response: {},
});
