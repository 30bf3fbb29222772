import { RUNNING_INFO_PROPERTY } from '../../protocol/body/running-info.js';
import type { ConsumerRunningInfo, ProcessQueueInfo } from '../../protocol/body/running-info.js';
import type { ConsumeType } from '../../protocol/body/heartbeat-data.js';
import type { SubscriptionData } from '../../protocol/body/subscription-data.js';
import { OUR_VERSION_NAME } from '../../protocol/version.js';
import { messageQueueKey } from '../../protocol/body/message-queue-key.js';
import type { ConsumeRates } from './consume-statistics.js';
import type { ProcessQueue } from './process-queue.js';

/** What {@link runningInfoOf} is told of a consumer. */
export interface RunningFacts {
  readonly orderly: boolean;
  readonly concurrency: number;
  readonly consumeType?: ConsumeType;
  readonly startedAt: number;
  readonly nameServers: readonly string[];
  readonly subscriptions: readonly SubscriptionData[];
  readonly queues: readonly ProcessQueue[];
  readonly now: number;
  readonly rates: (topic: string) => ConsumeRates;
}

const MIB = 1024 * 1024;

/** What administrators are shown of a consumer (`mqadmin consumerStatus`, the dashboard). Apache: DefaultMQPushConsumerImpl.java. */
export function runningInfoOf(facts: RunningFacts): ConsumerRunningInfo {
  const { subscriptions, queues } = facts;
  return {
    properties: {
      [RUNNING_INFO_PROPERTY.NAME_SERVER_ADDR]: `${facts.nameServers.join(';')};`,
      [RUNNING_INFO_PROPERTY.THREADPOOL_CORE_SIZE]: String(facts.concurrency),
      [RUNNING_INFO_PROPERTY.CONSUME_ORDERLY]: String(facts.orderly),
      [RUNNING_INFO_PROPERTY.CONSUME_TYPE]: facts.consumeType ?? 'CONSUME_PASSIVELY',
      [RUNNING_INFO_PROPERTY.CLIENT_VERSION]: OUR_VERSION_NAME,
      [RUNNING_INFO_PROPERTY.CONSUMER_START_TIMESTAMP]: String(facts.startedAt),
    },
    subscriptionSet: subscriptions,
    mqTable: new Map(queues.map((processQueue) => [messageQueueKey(processQueue.queue), infoOf(processQueue, facts.now)])),
    mqPopTable: new Map(),
    statusTable: Object.fromEntries(subscriptions.map(({ topic }) => [topic, { pullRT: 0, pullTPS: 0, ...facts.rates(topic) }])),
    userConsumerInfo: {},
  };
}

function infoOf(processQueue: ProcessQueue, now: number): ProcessQueueInfo {
  const cachedMsgCount = processQueue.cachedMessages;
  return {
    commitOffset: processQueue.commitOffset,
    cachedMsgMinOffset: cachedMsgCount === 0 ? 0 : processQueue.commitOffset,
    cachedMsgMaxOffset: cachedMsgCount === 0 ? 0 : processQueue.lastCachedOffset,
    cachedMsgCount,
    cachedMsgSizeInMiB: Math.floor(processQueue.cachedBytes / MIB),
    transactionMsgMinOffset: 0,
    transactionMsgMaxOffset: 0,
    transactionMsgCount: 0,
    locked: processQueue.lockedUntil > now,
    tryUnlockTimes: 0,
    lastLockTimestamp: processQueue.lockedAt,
    droped: processQueue.dropped.aborted,
    lastPullTimestamp: processQueue.lastPullAt,
    lastConsumeTimestamp: processQueue.lastConsumeAt,
  };
}
