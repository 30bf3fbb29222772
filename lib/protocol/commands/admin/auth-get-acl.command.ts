import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads the permissions of a subject. Response body: ACL info, or nothing.
 * Apache: GetAclRequestHeader.java.
 */
export const authGetAcl = defineCommand({
  name: 'AUTH_GET_ACL',
  code: RequestCode.AUTH_GET_ACL,
  request: {
    subject: optional.string(),
  },
  response: {},
});
