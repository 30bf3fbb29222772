import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Takes a broker out of the routes.
 * Apache: UnRegisterBrokerRequestHeader.java.
 */
export const unregisterBroker = defineCommand({
  name: 'UNREGISTER_BROKER',
  code: RequestCode.UNREGISTER_BROKER,
  request: {
    brokerName: required.string(),
    brokerAddr: required.string(),
    clusterName: required.string(),
    brokerId: required.long(),
  },
  response: {},
});
