import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Stores a value under namespace and key.
 * Apache: PutKVConfigRequestHeader.java.
 */
export const putKvConfig = defineCommand({
  name: 'PUT_KV_CONFIG',
  code: RequestCode.PUT_KV_CONFIG,
  request: {
    namespace: required.string(),
    key: required.string(),
    value: required.string(),
  },
  response: {},
});
