import { bool, type Decoder, decodeBody, encodeBody, integer, list, object, oneOf, record, text } from '../json/body-decoder.js';
import { PERM_READ, PERM_WRITE } from '../perm.js';

/** Whether messages of a topic carry one tag or several. Apache: TopicFilterType.java. */
export type TopicFilterType = 'SINGLE_TAG' | 'MULTI_TAG';

/** Settings of a topic on one broker. Apache: TopicConfig.java. */
export interface TopicConfig {
  readonly topicName: string;
  readonly readQueueNums: number;
  readonly writeQueueNums: number;
  /** Bits of `perm.ts`. */
  readonly perm: number;
  readonly topicFilterType: TopicFilterType;
  readonly topicSysFlag: number;
  readonly order: boolean;
  /** E.g. `message.type` → `NORMAL`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Queues of a topic that says nothing about them. */
export const DEFAULT_QUEUE_NUMS = 16;

export const topicConfigDecoder: Decoder<TopicConfig> = object<TopicConfig>({
  topicName: text(),
  readQueueNums: integer(DEFAULT_QUEUE_NUMS),
  writeQueueNums: integer(DEFAULT_QUEUE_NUMS),
  perm: integer(PERM_READ | PERM_WRITE),
  topicFilterType: oneOf(['SINGLE_TAG', 'MULTI_TAG'], 'SINGLE_TAG'),
  topicSysFlag: integer(),
  order: bool(),
  attributes: record(text()),
});

export function encodeTopicConfig(value: TopicConfig): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicConfig(body: Buffer): TopicConfig {
  return decodeBody(body, topicConfigDecoder, 'TopicConfig');
}

/** Several topics to create at once. Apache: CreateTopicListRequestBody.java. */
export interface TopicConfigList {
  readonly topicConfigList: readonly TopicConfig[];
}

export function encodeTopicConfigList(value: TopicConfigList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicConfigList(body: Buffer): TopicConfigList {
  return decodeBody(body, object<TopicConfigList>({ topicConfigList: list(topicConfigDecoder) }), 'CreateTopicListRequestBody');
}
