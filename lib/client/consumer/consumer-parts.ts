import { SYSTEM_GROUP } from '../../protocol/topic-names.js';
import { FaultTracker } from '../producer/fault-tracker.js';
import { RoundRobin } from '../producer/queue-selector.js';
import { SendPipeline } from '../producer/send-pipeline.js';
import type { RocketClient } from '../rocket-client.js';
import type { BrokerLocator } from '../route/broker-locator.js';
import { ConcurrentDispatcher } from './concurrent-dispatcher.js';
import type { FailureHandler } from './concurrent-dispatcher.js';
import type { ConsumerListener } from './consumer-engine.js';
import type { ResolvedPushConsumerOptions } from './consumer-options.js';
import { LocalOffsetStore } from './local-offset-store.js';
import type { DispatchObserver, MessageDispatcher } from './message-dispatcher.js';
import type { OffsetStore } from './offset-store.js';
import { OrderlyDispatcher } from './orderly-dispatcher.js';
import type { OrderlyPorts } from './orderly-dispatcher.js';
import type { ProcessQueue } from './process-queue.js';
import { QueueLocks } from './queue-locks.js';
import { RemoteOffsetStore } from './remote-offset-store.js';
import { SendBack } from './send-back.js';

/** Deliveries after the first of a concurrently consumed message. */
const CONCURRENT_MAX_RECONSUME_TIMES = 16;
const UNLIMITED = 0x7fff_ffff;
/** Broadcasting locks nothing: its queues are always ours. */
const FOREVER = Number.MAX_SAFE_INTEGER;

/** Offsets of broadcasting consumers are this machine's own, all others the brokers'. */
export function createOffsetStore(client: RocketClient, brokers: BrokerLocator, group: string, options: ResolvedPushConsumerOptions): OffsetStore {
  const { logger, runtime, clientId } = client;
  if (options.messageModel === 'CLUSTERING') return new RemoteOffsetStore(client.remoting, brokers, group, logger);
  return new LocalOffsetStore(runtime.fileSystem, logger, { directory: options.offsetStoreDirectory, clientId, group });
}

export function createLocks(client: RocketClient, brokers: BrokerLocator, group: string): QueueLocks {
  return new QueueLocks(client.remoting, brokers, { consumerGroup: group, clientId: client.clientId }, client.logger);
}

export function createSendBack(
  client: RocketClient,
  brokers: BrokerLocator,
  group: string,
  options: ResolvedPushConsumerOptions,
  mode: ConsumerListener['mode'],
): SendBack {
  const { runtime, remoting, routes, logger } = client;
  const faults = new FaultTracker(runtime.clock, false);
  const settings = { producerGroup: SYSTEM_GROUP.CLIENT_INNER_PRODUCER, defaultTopicQueueNums: 1, retryTimesWhenSendFailed: 2, retryAnotherBrokerWhenNotStoreOk: false };
  const pipeline = new SendPipeline(remoting, routes, settings, new RoundRobin(runtime.random, faults), faults, runtime.clock);
  return new SendBack(remoting, brokers, pipeline, { consumerGroup: group, maxReconsumeTimes: maxReconsumeTimesOf(options, mode) }, logger);
}

/** What the dispatcher of a consumer works with. */
export interface DispatcherPorts {
  readonly sendBack: SendBack;
  readonly relock: OrderlyPorts['relock'];
  readonly observer: DispatchObserver;
}

export function createDispatcher(client: RocketClient, listener: ConsumerListener, options: ResolvedPushConsumerOptions, ports: DispatcherPorts): MessageDispatcher {
  const { runtime, logger } = client;
  const { concurrency, consumeMessageBatchMaxSize: batchSize, consumeTimeoutMs, suspendCurrentQueueTimeMs: suspendMs } = options;
  const broadcasting = options.messageModel === 'BROADCASTING';
  if (listener.mode === 'CONCURRENTLY') {
    const onFailure: FailureHandler = broadcasting ? dropping(client) : (message, delayLevel) => ports.sendBack.sendBack(message, delayLevel);
    return new ConcurrentDispatcher(listener.listener, { concurrency, batchSize, consumeTimeoutMs }, onFailure, ports.observer, runtime.clock, logger);
  }
  const settings = { concurrency, batchSize, suspendMs, maxReconsumeTimes: maxReconsumeTimesOf(options, 'ORDERLY') };
  const orderlyPorts: OrderlyPorts = {
    relock: broadcasting ? alwaysOurs : ports.relock,
    giveUp: (message) => (broadcasting ? dropping(client)(message, 0) : ports.sendBack.sendCopy(message)),
  };
  return new OrderlyDispatcher(listener.listener, settings, orderlyPorts, ports.observer, runtime.clock, logger);
}

/** Broadcast messages are never redelivered. */
function dropping(client: RocketClient): FailureHandler {
  return (message) => {
    client.logger.error('a broadcast message was not consumed; broadcasting knows no redelivery', { topic: message.topic, msgId: message.msgId });
    return Promise.resolve(true);
  };
}

function alwaysOurs(processQueue: ProcessQueue): Promise<void> {
  processQueue.lockedUntil = FOREVER;
  return Promise.resolve();
}

function maxReconsumeTimesOf(options: ResolvedPushConsumerOptions, mode: ConsumerListener['mode']): number {
  return options.maxReconsumeTimes ?? (mode === 'ORDERLY' ? UNLIMITED : CONCURRENT_MAX_RECONSUME_TIMES);
}
