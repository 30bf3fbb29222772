import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads one message by its commit-log offset. Response body: one stored record.
 * Apache: ViewMessageRequestHeader.java.
 */
export const viewMessageById = defineCommand({
  name: 'VIEW_MESSAGE_BY_ID',
  code: RequestCode.VIEW_MESSAGE_BY_ID,
  request: {
    topic: optional.string(),
    offset: required.long(),
  },
  response: {},
});
