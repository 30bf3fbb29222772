import { type Decoder, decodeBody, encodeBody, integer, list, object, optionally, record, text } from '../json/body-decoder.js';
import type { MessageQueue } from '../message/message.js';
import { messageQueueDecoder } from './message-queue-key.js';
import { type SubscriptionData, subscriptionDataDecoder } from './subscription-data.js';

/** Store times in one queue, ms. Apache: QueueTimeSpan.java. */
export interface QueueTimeSpan {
  readonly messageQueue: MessageQueue;
  /** Of the first message. */
  readonly minTimeStamp: number;
  /** Of the last message. */
  readonly maxTimeStamp: number;
  /** Of the last consumed message. */
  readonly consumeTimeStamp: number;
  readonly delayTime: number;
}

const timeSpanDecoder: Decoder<QueueTimeSpan> = object<QueueTimeSpan>({
  messageQueue: messageQueueDecoder,
  minTimeStamp: integer(),
  maxTimeStamp: integer(),
  consumeTimeStamp: integer(),
  delayTime: integer(),
});

/** The times are written as local text as well, as Apache's getters do. Apache: QueryConsumeTimeSpanBody.java, UtilAll.java. */
export function encodeConsumeTimeSpans(spans: readonly QueueTimeSpan[]): Buffer {
  const consumeTimeSpanSet = spans.map((span) => ({
    ...span,
    minTimeStampStr: localTimeText(span.minTimeStamp),
    maxTimeStampStr: localTimeText(span.maxTimeStamp),
    consumeTimeStampStr: localTimeText(span.consumeTimeStamp),
  }));
  return encodeBody({ consumeTimeSpanSet });
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumeTimeSpans(body: Buffer): readonly QueueTimeSpan[] {
  const decoder = object<{ consumeTimeSpanSet: QueueTimeSpan[] }>({ consumeTimeSpanSet: list(timeSpanDecoder) });
  return decodeBody(body, decoder, 'QueryConsumeTimeSpanBody').consumeTimeSpanSet;
}

/** `2026-11-23#06:40:51:255`. */
function localTimeText(timestamp: number): string {
  const date = new Date(timestamp);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}#${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}:${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Offsets by queue id. Apache: QueryCorrectionOffsetBody.java. */
export interface CorrectionOffsets {
  readonly correctionOffsets: Readonly<Record<number, number>>;
}

export function encodeCorrectionOffsets(value: CorrectionOffsets): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeCorrectionOffsets(body: Buffer): CorrectionOffsets {
  return decodeBody(body, object<CorrectionOffsets>({ correctionOffsets: record(integer()) }), 'QueryCorrectionOffsetBody');
}

/** A group's subscription to a topic. Apache: QuerySubscriptionResponseBody.java. */
export interface GroupSubscription {
  readonly group: string;
  readonly topic: string;
  readonly subscriptionData?: SubscriptionData;
}

export function encodeGroupSubscription(value: GroupSubscription): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeGroupSubscription(body: Buffer): GroupSubscription {
  const decoder = object<GroupSubscription>({ group: text(), topic: text(), subscriptionData: optionally(subscriptionDataDecoder) });
  return decodeBody(body, decoder, 'QuerySubscriptionResponseBody');
}
