import { decodeBody, encodeBody, object, optionally, text, bool } from '../json/body-decoder.js';

/** Whether a group may read a topic. Apache: GroupForbidden.java. */
export interface GroupForbidden {
  readonly group: string;
  readonly topic: string;
  readonly readable?: boolean;
}

export function encodeGroupForbidden(value: GroupForbidden): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeGroupForbidden(body: Buffer): GroupForbidden {
  return decodeBody(body, object<GroupForbidden>({ group: text(), topic: text(), readable: optionally(bool()) }), 'GroupForbidden');
}
