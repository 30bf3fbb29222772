import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Exchanges replication addresses between master and slave; request and response body: broker sync info.
 * Apache: ExchangeHAInfoRequestHeader.java.
 */
export const exchangeBrokerHaInfo = defineCommand({
  name: 'EXCHANGE_BROKER_HA_INFO',
  code: RequestCode.EXCHANGE_BROKER_HA_INFO,
  request: {},
  response: {},
});
