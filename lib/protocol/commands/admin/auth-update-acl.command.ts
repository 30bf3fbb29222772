import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Changes permissions, resource by resource; request body: ACL info.
 * Apache: UpdateAclRequestHeader.java.
 */
export const authUpdateAcl = defineCommand({
  name: 'AUTH_UPDATE_ACL',
  code: RequestCode.AUTH_UPDATE_ACL,
  request: {
    subject: optional.string(),
  },
  response: {},
});
