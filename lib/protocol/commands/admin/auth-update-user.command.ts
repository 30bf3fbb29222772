import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Changes a user; request body: user info.
 * Apache: UpdateUserRequestHeader.java.
 */
export const authUpdateUser = defineCommand({
  name: 'AUTH_UPDATE_USER',
  code: RequestCode.AUTH_UPDATE_USER,
  request: {
    username: optional.string(),
  },
  response: {},
});
