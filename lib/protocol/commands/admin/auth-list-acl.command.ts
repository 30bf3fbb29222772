import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Lists permissions. Response body: list of ACL info.
 * Apache: ListAclsRequestHeader.java.
 */
export const authListAcl = defineCommand({
  name: 'AUTH_LIST_ACL',
  code: RequestCode.AUTH_LIST_ACL,
  request: {
    subjectFilter: optional.string(),
    resourceFilter: optional.string(),
  },
  response: {},
});
