import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads a user. Response body: user info, or nothing.
 * Apache: GetUserRequestHeader.java.
 */
export const authGetUser = defineCommand({
  name: 'AUTH_GET_USER',
  code: RequestCode.AUTH_GET_USER,
  request: {
    username: optional.string(),
  },
  response: {},
});
