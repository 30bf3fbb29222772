import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes a topic on a broker.
 * Apache: DeleteTopicRequestHeader.java.
 */
export const deleteTopicInBroker = defineCommand({
  name: 'DELETE_TOPIC_IN_BROKER',
  code: RequestCode.DELETE_TOPIC_IN_BROKER,
  request: {
    topic: required.string(),
  },
  response: {},
});
