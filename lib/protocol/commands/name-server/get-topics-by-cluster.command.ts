import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists the topics of a cluster. Response body: topic list.
 * Apache: GetTopicsByClusterRequestHeader.java.
 */
export const getTopicsByCluster = defineCommand({
  name: 'GET_TOPICS_BY_CLUSTER',
  code: RequestCode.GET_TOPICS_BY_CLUSTER,
  request: {
    cluster: required.string(),
  },
  response: {},
});
