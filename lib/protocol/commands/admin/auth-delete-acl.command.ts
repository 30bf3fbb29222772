import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes permissions of a subject.
 * Apache: DeleteAclRequestHeader.java.
 */
export const authDeleteAcl = defineCommand({
  name: 'AUTH_DELETE_ACL',
  code: RequestCode.AUTH_DELETE_ACL,
  request: {
    subject: optional.string(),
    policyType: optional.string(),
    resource: optional.string(),
  },
  response: {},
});
