import { type Decoder, decodeBody, encodeBody, integer, list, object, oneOf, optionally, record, text } from '../json/body-decoder.js';
import type { MessageQueue } from '../message/message.js';
import { type GroupMessageModel, MESSAGE_MODELS } from './heartbeat-data.js';
import { messageQueueDecoder } from './message-queue-key.js';

/** How a group gets the messages of a topic. Apache: MessageRequestMode.java. */
export const MESSAGE_REQUEST_MODES = ['PULL', 'POP'] as const;
export type MessageRequestMode = (typeof MESSAGE_REQUEST_MODES)[number];

/** A consumer's question which queues to take. Apache: QueryAssignmentRequestBody.java. */
export interface QueryAssignmentRequest {
  readonly topic: string;
  readonly consumerGroup: string;
  readonly clientId: string;
  /** Name of an allocation strategy, e.g. `AVG`. */
  readonly strategyName: string;
  readonly messageModel?: GroupMessageModel;
}

/** One queue to take; queue id -1 with POP: all queues of that broker. Apache: MessageQueueAssignment.java. */
export interface MessageQueueAssignment {
  readonly messageQueue: MessageQueue;
  readonly mode: MessageRequestMode;
  readonly attachments?: Readonly<Record<string, string>>;
}

/** The answer; without a list: keep what you have. Apache: QueryAssignmentResponseBody.java. */
export interface QueryAssignmentResponse {
  readonly messageQueueAssignments?: readonly MessageQueueAssignment[];
}

/** How a group is to get the messages of a topic. Apache: SetMessageRequestModeRequestBody.java. */
export interface MessageRequestModeSetting {
  readonly topic: string;
  readonly consumerGroup: string;
  readonly mode: MessageRequestMode;
  readonly popShareQueueNum: number;
}

/** All settings of a broker, by topic and group. Apache: MessageRequestModeSerializeWrapper.java. */
export interface MessageRequestModeTable {
  readonly messageRequestModeMap: Readonly<Record<string, Readonly<Record<string, MessageRequestModeSetting>>>>;
}

const requestDecoder: Decoder<QueryAssignmentRequest> = object<QueryAssignmentRequest>({
  topic: text(),
  consumerGroup: text(),
  clientId: text(),
  strategyName: text(),
  messageModel: oneOf(MESSAGE_MODELS, undefined),
});

const responseDecoder: Decoder<QueryAssignmentResponse> = object<QueryAssignmentResponse>({
  messageQueueAssignments: optionally(
    list(
      object<MessageQueueAssignment>({
        messageQueue: messageQueueDecoder,
        mode: oneOf(MESSAGE_REQUEST_MODES, 'PULL'),
        attachments: optionally(record(text())),
      }),
    ),
  ),
});

const settingDecoder: Decoder<MessageRequestModeSetting> = object<MessageRequestModeSetting>({
  topic: text(),
  consumerGroup: text(),
  mode: oneOf(MESSAGE_REQUEST_MODES, 'PULL'),
  popShareQueueNum: integer(),
});

export function encodeQueryAssignmentRequest(value: QueryAssignmentRequest): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeQueryAssignmentRequest(body: Buffer): QueryAssignmentRequest {
  return decodeBody(body, requestDecoder, 'QueryAssignmentRequestBody');
}

export function encodeQueryAssignmentResponse(value: QueryAssignmentResponse): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeQueryAssignmentResponse(body: Buffer): QueryAssignmentResponse {
  return decodeBody(body, responseDecoder, 'QueryAssignmentResponseBody');
}

export function encodeMessageRequestModeSetting(value: MessageRequestModeSetting): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeMessageRequestModeSetting(body: Buffer): MessageRequestModeSetting {
  return decodeBody(body, settingDecoder, 'SetMessageRequestModeRequestBody');
}

export function encodeMessageRequestModeTable(value: MessageRequestModeTable): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeMessageRequestModeTable(body: Buffer): MessageRequestModeTable {
  return decodeBody(body, object<MessageRequestModeTable>({ messageRequestModeMap: record(record(settingDecoder)) }), 'MessageRequestModeSerializeWrapper');
}
