import { type Decoder, decodeBody, encodeBody, list, object, optionally, text } from '../json/body-decoder.js';

/** Names of topics. Apache: TopicList.java. */
export interface TopicList {
  readonly topicList: readonly string[];
  /** Address of some broker; only in the answer about system topics. */
  readonly brokerAddr?: string;
}

const topicListDecoder: Decoder<TopicList> = object<TopicList>({ topicList: list(text()), brokerAddr: optionally(text()) });

export function encodeTopicList(value: TopicList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicList(body: Buffer): TopicList {
  return decodeBody(body, topicListDecoder, 'TopicList');
}

/** Names of groups. Apache: GroupList.java. */
export interface GroupList {
  readonly groupList: readonly string[];
}

export function encodeGroupList(value: GroupList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeGroupList(body: Buffer): GroupList {
  return decodeBody(body, object<GroupList>({ groupList: list(text()) }), 'GroupList');
}
