import { type Decoder, decodeBody, encodeBody, integer, list, object, objectKeyed, record, text } from '../json/body-decoder.js';
import type { MessageQueue } from '../message/message.js';
import { messageQueueDecoder, messageQueueKey, messageQueueOfKey } from './message-queue-key.js';

/** Offsets by queue; keys are those of `message-queue-key.ts`. Apache: ResetOffsetBody.java. */
export interface ResetOffsetBody {
  readonly offsetTable: ReadonlyMap<string, number>;
}

/** The form sent to C++ clients. Apache: ResetOffsetBodyForC.java. */
export interface ResetOffsetBodyForC {
  readonly offsetTable: readonly (MessageQueue & { readonly offset: number })[];
}

const pairDecoder: Decoder<[string, number]> = (value, path) => {
  const [queue, offset] = list((entry: unknown) => entry)(value, path);
  return [messageQueueKey(messageQueueDecoder(queue, `${path}[0]`)), integer()(offset, `${path}[1]`)];
};

const forCDecoder: Decoder<MessageQueue & { offset: number }> = object<MessageQueue & { offset: number }>({
  topic: text(),
  brokerName: text(),
  queueId: integer(),
  offset: integer(),
});

/** Takes the map with object keys, the list for C++, and gson's list of pairs `[[queue, offset], …]`. */
const offsetTableDecoder: Decoder<ReadonlyMap<string, number>> = (value, path) => {
  if (!Array.isArray(value)) return objectKeyed(integer())(value, path);
  const entry: Decoder<[string, number]> = (item, itemPath) => {
    if (Array.isArray(item)) return pairDecoder(item, itemPath);
    const { offset, ...queue } = forCDecoder(item, itemPath);
    return [messageQueueKey(queue), offset];
  };
  return new Map(list(entry)(value, path));
};

export function encodeResetOffsetBody(value: ResetOffsetBody): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeResetOffsetBody(body: Buffer): ResetOffsetBody {
  return decodeBody(body, object<ResetOffsetBody>({ offsetTable: offsetTableDecoder }), 'ResetOffsetBody');
}

/** The same offsets in the form for C++ clients. */
export function encodeResetOffsetBodyForC(value: ResetOffsetBody): Buffer {
  const offsetTable = [...value.offsetTable].map(([key, offset]) => ({ ...messageQueueOfKey(key), offset }));
  return encodeBody({ offsetTable });
}

/** Offsets of a group's queues as its members see them. Apache: GetConsumerStatusBody.java. */
export interface ConsumerStatusBody {
  /** Offsets of one client; empty in a broker's answer about several. */
  readonly messageQueueTable: ReadonlyMap<string, number>;
  /** Offsets by client id. */
  readonly consumerTable: Readonly<Record<string, ReadonlyMap<string, number>>>;
}

const consumerStatusDecoder: Decoder<ConsumerStatusBody> = object<ConsumerStatusBody>({
  messageQueueTable: objectKeyed(integer()),
  consumerTable: record(objectKeyed(integer())),
});

export function encodeConsumerStatusBody(value: ConsumerStatusBody): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumerStatusBody(body: Buffer): ConsumerStatusBody {
  return decodeBody(body, consumerStatusDecoder, 'GetConsumerStatusBody');
}
