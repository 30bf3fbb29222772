import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates a user; request body: user info.
 * Apache: CreateUserRequestHeader.java.
 */
export const authCreateUser = defineCommand({
  name: 'AUTH_CREATE_USER',
  code: RequestCode.AUTH_CREATE_USER,
  request: {
    username: optional.string(),
  },
  response: {},
});
