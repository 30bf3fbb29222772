import { type Decoder, decodeBody, encodeBody, list, object, optionally, text } from '../json/body-decoder.js';

/** A user of the broker. Apache: UserInfo.java. */
export interface UserInfo {
  readonly username?: string;
  readonly password?: string;
  /** `Super` or `Normal`. */
  readonly userType?: string;
  /** `enable` or `disable`. */
  readonly userStatus?: string;
}

/** One permission. Apache: AclInfo.PolicyEntryInfo. */
export interface PolicyEntryInfo {
  /** E.g. `Topic:T1`. */
  readonly resource?: string;
  /** E.g. `Pub`, `Sub`. */
  readonly actions: readonly string[];
  readonly sourceIps: readonly string[];
  /** `Allow` or `Deny`. */
  readonly decision?: string;
}

/** Permissions of one kind. Apache: AclInfo.PolicyInfo. */
export interface PolicyInfo {
  /** `Custom` or `Default`. */
  readonly policyType?: string;
  readonly entries: readonly PolicyEntryInfo[];
}

/** Permissions of a subject. Apache: AclInfo.java. */
export interface AclInfo {
  /** E.g. `User:u1`. */
  readonly subject?: string;
  readonly policies: readonly PolicyInfo[];
}

const userInfoDecoder: Decoder<UserInfo> = object<UserInfo>({
  username: optionally(text()),
  password: optionally(text()),
  userType: optionally(text()),
  userStatus: optionally(text()),
});

const policyDecoder: Decoder<PolicyInfo> = object<PolicyInfo>({
  policyType: optionally(text()),
  entries: list(
    object<PolicyEntryInfo>({ resource: optionally(text()), actions: list(text()), sourceIps: list(text()), decision: optionally(text()) }),
  ),
});

const aclInfoDecoder: Decoder<AclInfo> = object<AclInfo>({ subject: optionally(text()), policies: list(policyDecoder) });

export function encodeUserInfo(value: UserInfo): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeUserInfo(body: Buffer): UserInfo {
  return decodeBody(body, userInfoDecoder, 'UserInfo');
}

export function encodeUserInfos(value: readonly UserInfo[]): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeUserInfos(body: Buffer): readonly UserInfo[] {
  return decodeBody(body, list(userInfoDecoder), 'UserInfo[]');
}

export function encodeAclInfo(value: AclInfo): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeAclInfo(body: Buffer): AclInfo {
  return decodeBody(body, aclInfoDecoder, 'AclInfo');
}

export function encodeAclInfos(value: readonly AclInfo[]): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeAclInfos(body: Buffer): readonly AclInfo[] {
  return decodeBody(body, list(aclInfoDecoder), 'AclInfo[]');
}
