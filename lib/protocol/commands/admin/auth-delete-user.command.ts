import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes a user.
 * Apache: DeleteUserRequestHeader.java.
 */
export const authDeleteUser = defineCommand({
  name: 'AUTH_DELETE_USER',
  code: RequestCode.AUTH_DELETE_USER,
  request: {
    username: optional.string(),
  },
  response: {},
});
