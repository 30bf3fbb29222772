import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Announces a broker and its topics; request body: register broker body.
 * Apache: RegisterBrokerRequestHeader.java, RegisterBrokerResponseHeader.java.
 */
export const registerBroker = defineCommand({
  name: 'REGISTER_BROKER',
  code: RequestCode.REGISTER_BROKER,
  request: {
    brokerName: required.string(),
    brokerAddr: required.string(),
    clusterName: required.string(),
    haServerAddr: optional.string(),
    brokerId: required.long(),
    heartbeatTimeoutMillis: optional.long(),
    enableActingMaster: optional.boolean(),
    compressed: withDefault('boolean', false),
    bodyCrc32: withDefault('int', 0),
    /** Zone the broker stands in. */
    zoneName: optional.string('__ZONE_NAME'),
  },
  response: {
    haServerAddr: optional.string(),
    masterAddr: optional.string(),
  },
});
