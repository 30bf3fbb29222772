import { type Decoder, decodeBody, encodeBody, integer, list, object, oneOf, optionally, record, text } from '../json/body-decoder.js';
import { CONSUME_FROM_WHERES, CONSUME_TYPES, type ConsumeType, type GroupConsumeFromWhere, type GroupMessageModel, MESSAGE_MODELS } from './heartbeat-data.js';
import { type SubscriptionData, subscriptionDataDecoder } from './subscription-data.js';

/** One connection of a client. Apache: Connection.java. */
export interface Connection {
  readonly clientId: string;
  readonly clientAddr: string;
  /** Name of a language; absent when the client sent none that is known. */
  readonly language?: string;
  readonly version: number;
}

/** Connections and subscriptions of a consumer group. Apache: ConsumerConnection.java. */
export interface ConsumerConnection {
  readonly connectionSet: readonly Connection[];
  /** By topic. */
  readonly subscriptionTable: Readonly<Record<string, SubscriptionData>>;
  readonly consumeType?: ConsumeType;
  readonly messageModel?: GroupMessageModel;
  readonly consumeFromWhere?: GroupConsumeFromWhere;
}

export const connectionDecoder: Decoder<Connection> = object<Connection>({
  clientId: text(),
  clientAddr: text(),
  language: optionally(text()),
  version: integer(),
});

const consumerConnectionDecoder: Decoder<ConsumerConnection> = object<ConsumerConnection>({
  connectionSet: list(connectionDecoder),
  subscriptionTable: record(subscriptionDataDecoder),
  consumeType: oneOf(CONSUME_TYPES, undefined),
  messageModel: oneOf(MESSAGE_MODELS, undefined),
  consumeFromWhere: oneOf(CONSUME_FROM_WHERES, undefined),
});

export function encodeConsumerConnection(value: ConsumerConnection): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumerConnection(body: Buffer): ConsumerConnection {
  return decodeBody(body, consumerConnectionDecoder, 'ConsumerConnection');
}
