import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Adds queues of a topic to the routes; request body: topic route data.
 * Apache: RegisterTopicRequestHeader.java.
 */
export const registerTopicInNamesrv = defineCommand({
  name: 'REGISTER_TOPIC_IN_NAMESRV',
  code: RequestCode.REGISTER_TOPIC_IN_NAMESRV,
  request: {
    topic: required.string(),
  },
  response: {},
});
