import type { ConsumeMessageDirectlyResult } from '../../protocol/body/consume-message-directly-result.js';
import type { ConsumerData } from '../../protocol/body/heartbeat-data.js';
import type { ConsumerRunningInfo } from '../../protocol/body/running-info.js';
import type { MessageExt, MessageQueue } from '../../protocol/message/message.js';
import { retryTopicOf } from '../../protocol/topic-names.js';
import type { TimerHandle } from '../../runtime/clock.js';
import type { ConsumerMember } from '../group-members.js';
import { BrokerLocator } from '../route/broker-locator.js';
import type { RocketClient } from '../rocket-client.js';
import type { ConcurrentListener, ConsumerQueueState, OrderlyListener } from '../types.js';
import { ConsumeStatistics } from './consume-statistics.js';
import { consumeDirectly } from './consume-directly.js';
import type { ResolvedPushConsumerOptions } from './consumer-options.js';
import { createDispatcher, createLocks, createOffsetStore, createSendBack } from './consumer-parts.js';
import type { MessageDispatcher } from './message-dispatcher.js';
import type { OffsetStore } from './offset-store.js';
import type { ProcessQueue } from './process-queue.js';
import { PullLoop } from './pull-loop.js';
import type { PullEvents, PullSettings } from './pull-loop.js';
import { Puller } from './puller.js';
import { QueueAssignment } from './queue-assignment.js';
import type { AssignmentPorts } from './queue-assignment.js';
import { LOCK_RENEWAL_MS, LOCK_TRUST_MS } from './queue-locks.js';
import { QueueOffsets } from './queue-offsets.js';
import { RebalanceScheduler } from './rebalance-scheduler.js';
import { Rebalancer } from './rebalancer.js';
import { restoreMessages } from './restore-message.js';
import { runningInfoOf } from './running-info.js';
import { startingOffset } from './starting-offset.js';
import { checkSubscription } from './subscription-check.js';
import type { Subscriptions } from './subscriptions.js';

/** The user's listener with the way it wants to be called. */
export type ConsumerListener = { readonly mode: 'CONCURRENTLY'; readonly listener: ConcurrentListener } | { readonly mode: 'ORDERLY'; readonly listener: OrderlyListener };

/** A running push consumer: makes the parts and starts and stops them in the right order. What they do is theirs. */
export class ConsumerEngine implements ConsumerMember {
  readonly group: string;
  readonly #client: RocketClient;
  readonly #options: ResolvedPushConsumerOptions;
  readonly #subscriptions: Subscriptions;
  readonly #statistics: ConsumeStatistics;
  readonly #store: OffsetStore;
  readonly #dispatcher: MessageDispatcher;
  readonly #assignment: QueueAssignment;
  readonly #scheduler: RebalanceScheduler;
  readonly #pullLoop: PullLoop;
  readonly #stopping = new AbortController();
  readonly #timers: TimerHandle[] = [];
  readonly #startedAt: number;
  /** Brokers know our group: before, they could not tell who its members are. */
  #announced = false;

  constructor(client: RocketClient, options: ResolvedPushConsumerOptions, subscriptions: Subscriptions, listener: ConsumerListener) {
    const { runtime, remoting, routes, logger } = client;
    const { clock } = runtime;
    this.group = client.namespace.wrapGroup(options.group);
    this.#client = client;
    this.#options = options;
    this.#subscriptions = subscriptions;
    this.#startedAt = clock.now();
    this.#statistics = new ConsumeStatistics(clock);
    const brokers = new BrokerLocator(routes);
    this.#store = createOffsetStore(client, brokers, this.group, options);
    const sendBack = createSendBack(client, brokers, this.group, options, listener.mode);
    const relock = (processQueue: ProcessQueue): Promise<void> => this.#assignment.renewLockOf(processQueue);
    this.#dispatcher = createDispatcher(client, listener, options, { sendBack, relock, observer: this.#statistics });
    this.#assignment = new QueueAssignment(this.#store, this.#assignmentPorts(brokers), limitsOf(options, listener.mode), logger);
    const settings = { consumerGroup: this.group, clientId: client.clientId, messageModel: options.messageModel, strategy: options.allocateStrategy };
    const rebalancer = new Rebalancer(remoting, routes, this.#assignment, settings, runtime.random, logger);
    this.#scheduler = new RebalanceScheduler(() => rebalancer.rebalance([...this.topics()]), clock, logger);
    this.#pullLoop = new PullLoop(new Puller(remoting, brokers, this.group), pullSettingsOf(options), this.#pullEvents(), clock, logger);
  }

  /**
   * Joins the group and starts consuming.
   * @throws RocketMqError `RESPONSE_ERROR` when a broker refuses a filter expression
   */
  async start(): Promise<void> {
    const { clock } = this.#client.runtime;
    this.#client.addConsumer(this);
    try {
      await Promise.all([...this.topics()].map((topic) => this.#client.routes.refreshQuietly(topic)));
      for (const subscription of this.#subscriptions.all()) await checkSubscription(this.#client, this.group, subscription);
    } catch (error) {
      await this.#client.removeConsumer(this);
      this.#statistics.close();
      throw error;
    }
    await this.#client.heartbeatNow();
    this.#announced = true;
    this.#timers.push(clock.repeat(this.#options.persistConsumerOffsetIntervalMs, () => void this.#assignment.commit(false)));
    if (this.#dispatcher.orderly) this.#timers.push(clock.repeat(LOCK_RENEWAL_MS, () => void this.#assignment.renewLocks()));
    await this.#scheduler.now();
  }

  /** The subscriptions have changed: tells the brokers and takes in or gives up queues. */
  async subscriptionsChanged(): Promise<void> {
    const { routes } = this.#client;
    await Promise.all(this.#subscriptions.topics().map((topic) => (routes.known(topic) === undefined ? routes.refreshQuietly(topic) : undefined)));
    await this.#client.heartbeatNow();
    await this.#scheduler.now();
  }

  suspend(): void {
    this.#dispatcher.pause();
  }

  resume(): void {
    this.#dispatcher.resume();
  }

  /** Stops intake, lets running listeners finish (bounded), commits, leaves the group. */
  async shutdown(): Promise<void> {
    const { clock } = this.#client.runtime;
    this.#stopping.abort();
    this.#dispatcher.pause();
    await this.#scheduler.stop();
    const waited = new AbortController();
    await Promise.race([this.#dispatcher.waitUntilIdle(), clock.sleep(this.#options.shutdownTimeoutMs, waited.signal)]);
    waited.abort();
    this.#dispatcher.close();
    this.#statistics.close();
    for (const timer of this.#timers) timer.cancel();
    await this.#assignment.close();
    await this.#client.removeConsumer(this);
  }

  assignment(): readonly MessageQueue[] {
    return this.#assignment.held().map(({ queue }) => queue);
  }

  queueStates(): readonly ConsumerQueueState[] {
    return this.#assignment.held().map((processQueue) => ({
      messageQueue: processQueue.queue,
      cachedMessages: processQueue.cachedMessages,
      cachedBytes: processQueue.cachedBytes,
      consumerOffset: processQueue.commitOffset,
      brokerMaxOffset: processQueue.brokerMaxOffset,
      lastPullAt: processQueue.lastPullAt,
    }));
  }

  *topics(): Iterable<string> {
    yield* this.#subscriptions.topics();
  }

  consumerData(): ConsumerData {
    const { messageModel, consumeFromWhere } = this.#options;
    return { groupName: this.group, consumeType: 'CONSUME_PASSIVELY', messageModel, consumeFromWhere, subscriptionDataSet: this.#subscriptions.all(), unitMode: false };
  }

  rebalanceSoon(): void {
    if (this.#announced && !this.#stopping.signal.aborted) void this.#scheduler.now();
  }

  async resetOffsets(topic: string, offsets: readonly (readonly [MessageQueue, number])[]): Promise<void> {
    await Promise.all(
      offsets.map(async ([queue, offset]) => {
        const processQueue = this.#assignment.find(queue);
        if (processQueue !== undefined && queue.topic === topic) await this.#assignment.release(processQueue, offset);
      }),
    );
    await this.#scheduler.now();
  }

  offsetsOf(topic: string): readonly (readonly [MessageQueue, number])[] {
    const queues = this.#assignment.held().filter(({ queue }) => queue.topic === topic);
    return queues.map((processQueue) => [processQueue.queue, processQueue.commitOffset] as const);
  }

  runningInfo(): ConsumerRunningInfo {
    return runningInfoOf({
      orderly: this.#dispatcher.orderly,
      concurrency: this.#options.concurrency,
      startedAt: this.#startedAt,
      nameServers: this.#client.options.nameServers,
      subscriptions: this.#subscriptions.all(),
      queues: this.#assignment.held(),
      now: this.#client.runtime.clock.now(),
      rates: (topic) => this.#statistics.rates(topic),
    });
  }

  consumeDirectly(message: MessageExt): Promise<ConsumeMessageDirectlyResult> {
    const [restored] = restoreMessages([message], retryTopicOf(this.group), this.#client.namespace);
    return consumeDirectly(this.#dispatcher, restored, this.#client.runtime.clock);
  }

  #assignmentPorts(brokers: BrokerLocator): AssignmentPorts {
    const { clock } = this.#client.runtime;
    const offsets = new QueueOffsets(this.#client.remoting, brokers);
    const base = {
      startingOffset: (queue: MessageQueue) => startingOffset(queue, this.#options, this.#store, offsets),
      onAdded: (processQueue: ProcessQueue) => void this.#pullLoop.run(processQueue, this.#stopping.signal),
    };
    if (!this.#dispatcher.orderly || this.#options.messageModel === 'BROADCASTING') return base;
    const locks = createLocks(this.#client, brokers, this.group);
    return {
      ...base,
      // The time before asking counts: the broker's own count begins later, so ours ends first.
      lock: async (queues) => {
        const at = clock.now();
        return { held: await locks.lock(queues), at, until: at + LOCK_TRUST_MS };
      },
      unlock: (queue) => locks.unlock(queue),
    };
  }

  #pullEvents(): PullEvents {
    const retryTopic = retryTopicOf(this.group);
    return {
      subscriptionOf: (topic) => this.#subscriptions.get(topic),
      restore: (messages) => restoreMessages(messages, retryTopic, this.#client.namespace),
      onMessages: (processQueue) => this.#dispatcher.offer(processQueue),
      onOffsetMoved: (processQueue, nextOffset) => void this.#assignment.release(processQueue, nextOffset).then(() => this.rebalanceSoon()),
    };
  }
}

function limitsOf(options: ResolvedPushConsumerOptions, mode: ConsumerListener['mode']): { messages: number; bytes: number; span: number } {
  return {
    messages: options.pullThresholdForQueue,
    bytes: options.pullThresholdBytesForQueue,
    span: mode === 'ORDERLY' ? Number.POSITIVE_INFINITY : options.consumeConcurrentlyMaxSpan,
  };
}

function pullSettingsOf(options: ResolvedPushConsumerOptions): PullSettings {
  return { batchSize: options.pullBatchSize, suspendMs: options.suspendTimeoutMs, commits: options.messageModel === 'CLUSTERING' };
}
