import { bool, type Decoder, decodeBody, double, encodeBody, integer, list, object, objectKeyed, optionally, record, text } from '../json/body-decoder.js';
import { type SubscriptionData, subscriptionDataDecoder } from './subscription-data.js';

/** State of one held queue. Apache: ProcessQueueInfo.java. */
export interface ProcessQueueInfo {
  readonly commitOffset: number;
  readonly cachedMsgMinOffset: number;
  readonly cachedMsgMaxOffset: number;
  readonly cachedMsgCount: number;
  readonly cachedMsgSizeInMiB: number;
  readonly transactionMsgMinOffset: number;
  readonly transactionMsgMaxOffset: number;
  readonly transactionMsgCount: number;
  readonly locked: boolean;
  readonly tryUnlockTimes: number;
  readonly lastLockTimestamp: number;
  /** Apache's spelling. */
  readonly droped: boolean;
  readonly lastPullTimestamp: number;
  readonly lastConsumeTimestamp: number;
}

/** State of one popped queue. Apache: PopProcessQueueInfo.java. */
export interface PopProcessQueueInfo {
  readonly waitAckCount: number;
  readonly droped: boolean;
  readonly lastPopTimestamp: number;
}

/** Rates of one topic; times in ms, TPS per second. Apache: ConsumeStatus.java. */
export interface ConsumeStatus {
  readonly pullRT: number;
  readonly pullTPS: number;
  readonly consumeRT: number;
  readonly consumeOKTPS: number;
  readonly consumeFailedTPS: number;
  readonly consumeFailedMsgs: number;
}

/** Names of {@link ConsumerRunningInfo.properties} that tools read. */
export const RUNNING_INFO_PROPERTY = {
  NAME_SERVER_ADDR: 'PROP_NAMESERVER_ADDR',
  THREADPOOL_CORE_SIZE: 'PROP_THREADPOOL_CORE_SIZE',
  CONSUME_ORDERLY: 'PROP_CONSUMEORDERLY',
  CONSUME_TYPE: 'PROP_CONSUME_TYPE',
  CLIENT_VERSION: 'PROP_CLIENT_VERSION',
  CONSUMER_START_TIMESTAMP: 'PROP_CONSUMER_START_TIMESTAMP',
} as const;

/** State of a consumer; keys of the queue maps are those of `message-queue-key.ts`. Apache: ConsumerRunningInfo.java. */
export interface ConsumerRunningInfo {
  readonly properties: Readonly<Record<string, string>>;
  readonly subscriptionSet: readonly SubscriptionData[];
  readonly mqTable: ReadonlyMap<string, ProcessQueueInfo>;
  readonly mqPopTable: ReadonlyMap<string, PopProcessQueueInfo>;
  /** By topic. */
  readonly statusTable: Readonly<Record<string, ConsumeStatus>>;
  readonly userConsumerInfo: Readonly<Record<string, string>>;
  /** Stacks of the consumer's threads, when asked for. */
  readonly jstack?: string;
}

const processQueueDecoder: Decoder<ProcessQueueInfo> = object<ProcessQueueInfo>({
  commitOffset: integer(),
  cachedMsgMinOffset: integer(),
  cachedMsgMaxOffset: integer(),
  cachedMsgCount: integer(),
  cachedMsgSizeInMiB: integer(),
  transactionMsgMinOffset: integer(),
  transactionMsgMaxOffset: integer(),
  transactionMsgCount: integer(),
  locked: bool(),
  tryUnlockTimes: integer(),
  lastLockTimestamp: integer(),
  droped: bool(),
  lastPullTimestamp: integer(),
  lastConsumeTimestamp: integer(),
});

const runningInfoDecoder: Decoder<ConsumerRunningInfo> = object<ConsumerRunningInfo>({
  properties: record(text()),
  subscriptionSet: list(subscriptionDataDecoder),
  mqTable: objectKeyed(processQueueDecoder),
  mqPopTable: objectKeyed(object<PopProcessQueueInfo>({ waitAckCount: integer(), droped: bool(), lastPopTimestamp: integer() })),
  statusTable: record(
    object<ConsumeStatus>({
      pullRT: double(),
      pullTPS: double(),
      consumeRT: double(),
      consumeOKTPS: double(),
      consumeFailedTPS: double(),
      consumeFailedMsgs: integer(),
    }),
  ),
  userConsumerInfo: record(text()),
  jstack: optionally(text()),
});

export function encodeConsumerRunningInfo(value: ConsumerRunningInfo): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumerRunningInfo(body: Buffer): ConsumerRunningInfo {
  return decodeBody(body, runningInfoDecoder, 'ConsumerRunningInfo');
}
