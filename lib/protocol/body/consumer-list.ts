import { decodeBody, encodeBody, list, object, text } from '../json/body-decoder.js';

/** Client ids of a consumer group. Apache: GetConsumerListByGroupResponseBody.java. */
export interface ConsumerList {
  readonly consumerIdList: readonly string[];
}

export function encodeConsumerList(value: ConsumerList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumerList(body: Buffer): ConsumerList {
  return decodeBody(body, object<ConsumerList>({ consumerIdList: list(text()) }), 'GetConsumerListByGroupResponseBody');
}
