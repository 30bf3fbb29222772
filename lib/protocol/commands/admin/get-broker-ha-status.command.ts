import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the state of the replication. Response body: HA runtime info.
 */
export const getBrokerHaStatus = defineCommand({
  name: 'GET_BROKER_HA_STATUS',
  code: RequestCode.GET_BROKER_HA_STATUS,
  request: {},
  response: {},
});
