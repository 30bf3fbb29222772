import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Keeps a broker alive without its topics.
 * Apache: BrokerHeartbeatRequestHeader.java.
 */
export const brokerHeartbeat = defineCommand({
  name: 'BROKER_HEARTBEAT',
  code: RequestCode.BROKER_HEARTBEAT,
  request: {
    clusterName: required.string(),
    brokerAddr: required.string(),
    brokerName: required.string(),
    brokerId: optional.long(),
    epoch: optional.int(),
    maxOffset: optional.long(),
    confirmOffset: optional.long(),
    heartbeatTimeoutMills: optional.long(),
    electionPriority: optional.int(),
  },
  response: {},
});
