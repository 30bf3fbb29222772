import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Takes a topic out of the routes.
 * Apache: DeleteTopicFromNamesrvRequestHeader.java.
 */
export const deleteTopicInNamesrv = defineCommand({
  name: 'DELETE_TOPIC_IN_NAMESRV',
  code: RequestCode.DELETE_TOPIC_IN_NAMESRV,
  request: {
    topic: required.string(),
    clusterName: optional.string(),
  },
  response: {},
});
