import { bool, type Decoder, decodeBody, encodeBody, list, object, text } from '../json/body-decoder.js';
import type { MessageQueue } from '../message/message.js';
import { messageQueueDecoder } from './message-queue-key.js';

/** Queues to lock or to unlock for a client. Apache: LockBatchRequestBody.java, UnlockBatchRequestBody.java. */
export interface LockBatchRequest {
  readonly consumerGroup: string;
  readonly clientId: string;
  readonly mqSet: readonly MessageQueue[];
  /** Do not ask the replicas as well. */
  readonly onlyThisBroker: boolean;
}

/** The queues a client holds now. Apache: LockBatchResponseBody.java. */
export interface LockBatchResponse {
  readonly lockOKMQSet: readonly MessageQueue[];
}

const requestDecoder: Decoder<LockBatchRequest> = object<LockBatchRequest>({
  consumerGroup: text(),
  clientId: text(),
  mqSet: list(messageQueueDecoder),
  onlyThisBroker: bool(),
});

export function encodeLockBatchRequest(value: LockBatchRequest): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeLockBatchRequest(body: Buffer): LockBatchRequest {
  return decodeBody(body, requestDecoder, 'LockBatchRequestBody');
}

export function encodeLockBatchResponse(value: LockBatchResponse): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeLockBatchResponse(body: Buffer): LockBatchResponse {
  return decodeBody(body, object<LockBatchResponse>({ lockOKMQSet: list(messageQueueDecoder) }), 'LockBatchResponseBody');
}
