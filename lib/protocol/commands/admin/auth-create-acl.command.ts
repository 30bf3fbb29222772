import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Creates the permissions of a subject; request body: ACL info.
 * Apache: CreateAclRequestHeader.java.
 */
export const authCreateAcl = defineCommand({
  name: 'AUTH_CREATE_ACL',
  code: RequestCode.AUTH_CREATE_ACL,
  request: {
    subject: optional.string(),
  },
  response: {},
});
