import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads all topics of a broker, or a page of them. Response body: topic config wrapper.
 * Before 5.3.4 without any field, in both directions.
 * Apache: GetAllTopicConfigRequestHeader.java, GetAllTopicConfigResponseHeader.java.
 */
export const getAllTopicConfig = defineCommand({
  name: 'GET_ALL_TOPIC_CONFIG',
  code: RequestCode.GET_ALL_TOPIC_CONFIG,
  request: {
    topicSeq: optional.int(),
    dataVersion: optional.string(),
    maxTopicNum: optional.int(),
  },
  response: {
    totalTopicNum: optional.int(),
  },
});
