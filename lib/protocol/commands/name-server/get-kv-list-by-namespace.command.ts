import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads all values of a namespace. Response body: KV table.
 * Apache: GetKVListByNamespaceRequestHeader.java.
 */
export const getKvListByNamespace = defineCommand({
  name: 'GET_KVLIST_BY_NAMESPACE',
  code: RequestCode.GET_KVLIST_BY_NAMESPACE,
  request: {
    namespace: required.string(),
  },
  response: {},
});
