import { join } from 'node:path';
import { checkedGroup } from '../client-options.js';
import { choiceOption, integerOption } from '../option-checks.js';
import type { AllocateStrategy, ConsumeFromWhere, MessageModel, PullConsumerOptions, PushConsumerOptions } from '../types.js';
import { allocateStrategyOf } from './allocate-strategy.js';

/** {@link PushConsumerOptions} beyond those of every client, checked, with every default filled in. */
export interface ResolvedPushConsumerOptions {
  readonly group: string;
  readonly messageModel: MessageModel;
  readonly consumeFromWhere: ConsumeFromWhere;
  readonly consumeTimestamp: number;
  readonly allocateStrategy: AllocateStrategy;
  readonly concurrency: number;
  readonly consumeMessageBatchMaxSize: number;
  readonly pullBatchSize: number;
  /** `undefined`: 16 for concurrent, unlimited for orderly consumption. */
  readonly maxReconsumeTimes: number | undefined;
  readonly consumeTimeoutMs: number;
  readonly suspendCurrentQueueTimeMs: number;
  readonly pullThresholdForQueue: number;
  readonly pullThresholdBytesForQueue: number;
  readonly consumeConcurrentlyMaxSpan: number;
  readonly persistConsumerOffsetIntervalMs: number;
  readonly suspendTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly offsetStoreDirectory: string;
}

const MINUTE_MS = 60_000;
const MIB = 1024 * 1024;

/**
 * Checks a push consumer's options.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function resolvePushConsumerOptions(options: PushConsumerOptions, now: number, homeDirectory: string): ResolvedPushConsumerOptions {
  const { maxReconsumeTimes } = options;
  return {
    group: checkedGroup(options.group),
    messageModel: choiceOption('messageModel', options.messageModel, 'CLUSTERING', ['CLUSTERING', 'BROADCASTING']),
    consumeFromWhere: choiceOption('consumeFromWhere', options.consumeFromWhere, 'CONSUME_FROM_LAST_OFFSET', [
      'CONSUME_FROM_LAST_OFFSET',
      'CONSUME_FROM_FIRST_OFFSET',
      'CONSUME_FROM_TIMESTAMP',
    ]),
    consumeTimestamp: integerOption('consumeTimestamp', options.consumeTimestamp, now - 30 * MINUTE_MS, 0),
    allocateStrategy: allocateStrategyOf(options.allocateStrategy),
    concurrency: integerOption('concurrency', options.concurrency, 20, 1, 100_000),
    consumeMessageBatchMaxSize: integerOption('consumeMessageBatchMaxSize', options.consumeMessageBatchMaxSize, 1, 1, 1_024),
    pullBatchSize: integerOption('pullBatchSize', options.pullBatchSize, 32, 1, 1_024),
    maxReconsumeTimes: maxReconsumeTimes === undefined ? undefined : integerOption('maxReconsumeTimes', maxReconsumeTimes, 16, 0, 0x7fff_ffff),
    consumeTimeoutMs: integerOption('consumeTimeoutMs', options.consumeTimeoutMs, 15 * MINUTE_MS, 1),
    suspendCurrentQueueTimeMs: integerOption('suspendCurrentQueueTimeMs', options.suspendCurrentQueueTimeMs, 1_000, 0),
    pullThresholdForQueue: integerOption('pullThresholdForQueue', options.pullThresholdForQueue, 1_000, 1, 65_535),
    pullThresholdBytesForQueue: integerOption('pullThresholdBytesForQueue', options.pullThresholdBytesForQueue, 100 * MIB, 1),
    consumeConcurrentlyMaxSpan: integerOption('consumeConcurrentlyMaxSpan', options.consumeConcurrentlyMaxSpan, 2_000, 1, 65_535),
    persistConsumerOffsetIntervalMs: integerOption('persistConsumerOffsetIntervalMs', options.persistConsumerOffsetIntervalMs, 5_000, 10),
    suspendTimeoutMs: integerOption('suspendTimeoutMs', options.suspendTimeoutMs, 15_000, 100),
    shutdownTimeoutMs: integerOption('shutdownTimeoutMs', options.shutdownTimeoutMs, 30_000, 0),
    offsetStoreDirectory: options.offsetStoreDirectory ?? join(homeDirectory, '.rocketmq_offsets'),
  };
}

/** {@link PullConsumerOptions} beyond those of every client. */
export interface ResolvedPullConsumerOptions {
  readonly group: string;
  readonly pullTimeoutMs: number;
}

/**
 * Checks a pull consumer's options.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function resolvePullConsumerOptions(options: PullConsumerOptions): ResolvedPullConsumerOptions {
  return {
    group: checkedGroup(options.group),
    pullTimeoutMs: integerOption('pullTimeoutMs', options.pullTimeoutMs, 10_000, 1),
  };
}
