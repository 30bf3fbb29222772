import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * NameServer to broker, one-way: another replica has the smallest id now.
 * Apache: NotifyMinBrokerIdChangeRequestHeader.java.
 */
export const notifyMinBrokerIdChange = defineCommand({
  name: 'NOTIFY_MIN_BROKER_ID_CHANGE',
  code: RequestCode.NOTIFY_MIN_BROKER_ID_CHANGE,
  request: {
    minBrokerId: optional.long(),
    brokerName: optional.string(),
    minBrokerAddr: optional.string(),
    offlineBrokerAddr: optional.string(),
    haBrokerAddr: optional.string(),
  },
  response: {},
});
