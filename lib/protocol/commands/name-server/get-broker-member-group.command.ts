import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the brokers with one name. Response body: broker member group.
 * Apache: GetBrokerMemberGroupRequestHeader.java.
 */
export const getBrokerMemberGroup = defineCommand({
  name: 'GET_BROKER_MEMBER_GROUP',
  code: RequestCode.GET_BROKER_MEMBER_GROUP,
  request: {
    clusterName: required.string(),
    brokerName: required.string(),
  },
  response: {},
});
