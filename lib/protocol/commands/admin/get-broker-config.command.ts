import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the broker configuration. Response body: properties text.
 * Apache: GetBrokerConfigResponseHeader.java.
 */
export const getBrokerConfig = defineCommand({
  name: 'GET_BROKER_CONFIG',
  code: RequestCode.GET_BROKER_CONFIG,
  request: {},
  response: {
    version: required.string(),
  },
});
