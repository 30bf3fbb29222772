import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates or changes a static topic; request body: its queue mapping.
 * Apache: CreateTopicRequestHeader.java.
 */
export const updateAndCreateStaticTopic = defineCommand({
  name: 'UPDATE_AND_CREATE_STATIC_TOPIC',
  code: RequestCode.UPDATE_AND_CREATE_STATIC_TOPIC,
  request: {
    topic: required.string(),
    defaultTopic: required.string(),
    readQueueNums: required.int(),
    writeQueueNums: required.int(),
    perm: required.int(),
    topicFilterType: required.string(),
    topicSysFlag: optional.int(),
    order: withDefault('boolean', false),
    attributes: optional.string(),
    force: withDefault('boolean', false),
  },
  response: {},
});
