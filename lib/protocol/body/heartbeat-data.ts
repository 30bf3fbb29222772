import { bool, type Decoder, decodeBody, encodeBody, integer, list, object, oneOf, text } from '../json/body-decoder.js';
import { type SubscriptionData, subscriptionDataDecoder } from './subscription-data.js';

/** How a group gets its messages: pull, push, pop. Apache: ConsumeType.java. */
export const CONSUME_TYPES = ['CONSUME_ACTIVELY', 'CONSUME_PASSIVELY', 'CONSUME_POP'] as const;
export type ConsumeType = (typeof CONSUME_TYPES)[number];

/** Apache: MessageModel.java. */
export const MESSAGE_MODELS = ['BROADCASTING', 'CLUSTERING'] as const;
export type GroupMessageModel = (typeof MESSAGE_MODELS)[number];

/** Where a group without stored offsets starts, in Apache's order; the second to fourth are deprecated. Apache: ConsumeFromWhere.java. */
export const CONSUME_FROM_WHERES = [
  'CONSUME_FROM_LAST_OFFSET',
  'CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST',
  'CONSUME_FROM_MIN_OFFSET',
  'CONSUME_FROM_MAX_OFFSET',
  'CONSUME_FROM_FIRST_OFFSET',
  'CONSUME_FROM_TIMESTAMP',
] as const;
export type GroupConsumeFromWhere = (typeof CONSUME_FROM_WHERES)[number];

/** One producer group of a client. Apache: ProducerData.java. */
export interface ProducerData {
  readonly groupName: string;
}

/** One consumer group of a client. Apache: ConsumerData.java. */
export interface ConsumerData {
  readonly groupName: string;
  /** `undefined` when the client sent none that is known. */
  readonly consumeType?: ConsumeType;
  readonly messageModel?: GroupMessageModel;
  readonly consumeFromWhere?: GroupConsumeFromWhere;
  readonly subscriptionDataSet: readonly SubscriptionData[];
  readonly unitMode: boolean;
}

/** What a client tells every broker every 30 s. Apache: HeartbeatData.java. */
export interface HeartbeatData {
  readonly clientID: string;
  readonly producerDataSet: readonly ProducerData[];
  readonly consumerDataSet: readonly ConsumerData[];
  /** 0 unless the client speaks heartbeat V2. */
  readonly heartbeatFingerprint: number;
  /** The subscriptions are those of an earlier heartbeat with the same fingerprint; the sets here are empty. */
  readonly withoutSub: boolean;
}

const heartbeatDataDecoder: Decoder<HeartbeatData> = object<HeartbeatData>({
  clientID: text(),
  producerDataSet: list(object<ProducerData>({ groupName: text() })),
  consumerDataSet: list(
    object<ConsumerData>({
      groupName: text(),
      consumeType: oneOf(CONSUME_TYPES, undefined),
      messageModel: oneOf(MESSAGE_MODELS, undefined),
      consumeFromWhere: oneOf(CONSUME_FROM_WHERES, undefined),
      subscriptionDataSet: list(subscriptionDataDecoder),
      unitMode: bool(),
    }),
  ),
  heartbeatFingerprint: integer(),
  withoutSub: bool(),
});

export function encodeHeartbeatData(value: HeartbeatData): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeHeartbeatData(body: Buffer): HeartbeatData {
  return decodeBody(body, heartbeatDataDecoder, 'HeartbeatData');
}
