import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads a value by namespace and key; QUERY_NOT_FOUND when there is none.
 * Apache: GetKVConfigRequestHeader.java, GetKVConfigResponseHeader.java.
 */
export const getKvConfig = defineCommand({
  name: 'GET_KV_CONFIG',
  code: RequestCode.GET_KV_CONFIG,
  request: {
    namespace: required.string(),
    key: required.string(),
  },
  response: {
    value: optional.string(),
  },
});
