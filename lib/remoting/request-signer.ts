import { createHmac } from 'node:crypto';
import type { OutgoingRequest } from './remoting-channel.js';

/** Key pair that signs requests. */
export interface SigningKey {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken?: string;
}

/**
 * Adds `AccessKey`, `SecurityToken` and `Signature` to a request: Base64 of HMAC-SHA1 over the values of all fields in
 * the order of their names (UTF-16 code units), then the body. Apache: AclClientRPCHook.java, AclUtils.java.
 */
export function signRequest(request: OutgoingRequest, key: SigningKey): OutgoingRequest {
  const fields: Record<string, string> = { ...request.extFields, AccessKey: key.accessKey };
  if (key.securityToken !== undefined) fields.SecurityToken = key.securityToken;
  const signed = Object.keys(fields)
    .filter((name) => name !== 'Signature')
    .sort()
    .map((name) => fields[name])
    .join('');
  const hmac = createHmac('sha1', key.secretKey).update(signed, 'utf8');
  if (request.body !== undefined) hmac.update(request.body);
  fields.Signature = hmac.digest('base64');
  return { code: request.code, extFields: fields, body: request.body };
}
