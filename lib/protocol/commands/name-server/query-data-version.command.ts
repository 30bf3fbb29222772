import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks whether the topics a broker registered differ from the data version in the request body; keeps the broker alive.
 * Apache: QueryDataVersionRequestHeader.java, QueryDataVersionResponseHeader.java.
 */
export const queryDataVersion = defineCommand({
  name: 'QUERY_DATA_VERSION',
  code: RequestCode.QUERY_DATA_VERSION,
  request: {
    brokerName: required.string(),
    brokerAddr: required.string(),
    clusterName: required.string(),
    brokerId: required.long(),
  },
  response: {
    changed: required.boolean(),
  },
});
