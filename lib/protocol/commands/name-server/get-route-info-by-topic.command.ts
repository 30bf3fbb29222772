import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the brokers and queues of a topic. Response body: topic route data.
 * Apache: GetRouteInfoRequestHeader.java.
 */
export const getRouteInfoByTopic = defineCommand({
  name: 'GET_ROUTEINFO_BY_TOPIC',
  code: RequestCode.GET_ROUTEINFO_BY_TOPIC,
  request: {
    topic: required.string(),
    acceptStandardJsonOnly: optional.boolean(),
    /** Zone of the client; brokers of other zones are left out in zone mode. */
    zoneName: optional.string('__ZONE_NAME'),
    zoneMode: optional.boolean('__ZONE_MODE'),
  },
  response: {},
});
