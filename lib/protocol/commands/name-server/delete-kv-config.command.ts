import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes a value by namespace and key.
 * Apache: DeleteKVConfigRequestHeader.java.
 */
export const deleteKvConfig = defineCommand({
  name: 'DELETE_KV_CONFIG',
  code: RequestCode.DELETE_KV_CONFIG,
  request: {
    namespace: required.string(),
    key: required.string(),
  },
  response: {},
});
