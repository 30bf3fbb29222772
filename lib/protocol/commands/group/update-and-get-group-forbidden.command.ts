import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Sets and reads whether a group may read a topic. Response body: group forbidden.
 * Apache: UpdateGroupForbiddenRequestHeader.java.
 */
export const updateAndGetGroupForbidden = defineCommand({
  name: 'UPDATE_AND_GET_GROUP_FORBIDDEN',
  code: RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN,
  request: {
    group: required.string(),
    topic: required.string(),
    readable: optional.boolean(),
  },
  response: {},
});
