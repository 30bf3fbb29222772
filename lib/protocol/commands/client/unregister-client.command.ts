import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Takes a client out of a producer or consumer group.
 * Apache: UnregisterClientRequestHeader.java.
 */
export const unregisterClient = defineCommand({
  name: 'UNREGISTER_CLIENT',
  code: RequestCode.UNREGISTER_CLIENT,
  request: {
    clientID: required.string(),
    producerGroup: optional.string(),
    consumerGroup: optional.string(),
  },
  response: {},
});
