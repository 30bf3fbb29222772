import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads all brokers by name and cluster. Response body: cluster info.
 */
export const getBrokerClusterInfo = defineCommand({
  name: 'GET_BROKER_CLUSTER_INFO',
  code: RequestCode.GET_BROKER_CLUSTER_INFO,
  request: {},
  response: {},
});
