import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads one topic. Response body: topic config.
 * Apache: GetTopicConfigRequestHeader.java.
 */
export const getTopicConfig = defineCommand({
  name: 'GET_TOPIC_CONFIG',
  code: RequestCode.GET_TOPIC_CONFIG,
  request: {
    topic: required.string(),
    /** The topic may be a static one. */
    logical: optional.boolean('lo'),
  },
  response: {},
});
