import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists users whose name contains `filter`. Response body: list of user info.
 * Apache: ListUsersRequestHeader.java.
 */
export const authListUser = defineCommand({
  name: 'AUTH_LIST_USER',
  code: RequestCode.AUTH_LIST_USER,
  request: {
    filter: optional.string(),
  },
  response: {},
});
