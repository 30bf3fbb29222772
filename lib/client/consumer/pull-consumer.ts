import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { ConsumeMessageDirectlyResult } from '../../protocol/body/consume-message-directly-result.js';
import type { ConsumerData } from '../../protocol/body/heartbeat-data.js';
import type { ConsumerRunningInfo } from '../../protocol/body/running-info.js';
import { retryTopicOf } from '../../protocol/topic-names.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { ConsumerMember } from '../group-members.js';
import { RocketClient } from '../rocket-client.js';
import { BrokerLocator } from '../route/broker-locator.js';
import type { FilterExpression, PullConsumerOptions, PullResult, RocketPullConsumer } from '../types.js';
import { resolvePullConsumerOptions } from './consumer-options.js';
import type { ResolvedPullConsumerOptions } from './consumer-options.js';
import { Puller } from './puller.js';
import { QueueOffsets } from './queue-offsets.js';
import { RemoteOffsetStore } from './remote-offset-store.js';
import { restoreMessages } from './restore-message.js';
import { runningInfoOf } from './running-info.js';
import { Subscriptions } from './subscriptions.js';
import { updateConsumerOffset } from '../../protocol/commands/offset/update-consumer-offset.command.js';

const DEFAULT_MAX_MESSAGES = 32;
/** Stored offset of a queue that the group has never consumed, as the interface has it. */
const NO_OFFSET = -1;

/** Reads queues at the caller's pace, as Apache's `DefaultMQPullConsumer` does. */
export class PullConsumer implements RocketPullConsumer, ConsumerMember {
  /** Group on the wire. */
  readonly group: string;
  readonly #client: RocketClient;
  readonly #ownsClient: boolean;
  readonly #options: ResolvedPullConsumerOptions;
  readonly #subscriptions: Subscriptions;
  readonly #brokers: BrokerLocator;
  readonly #puller: Puller;
  readonly #offsets: QueueOffsets;
  readonly #store: RemoteOffsetStore;
  #startedAt = 0;
  #state: 'created' | 'started' | 'closed' = 'created';

  /**
   * @param client shared connections, routes and heartbeats; without it the consumer has its own and closes it at shutdown
   * @throws RocketMqError `OPTION_INVALID`
   */
  constructor(options: PullConsumerOptions, client?: RocketClient) {
    this.#options = resolvePullConsumerOptions(options);
    this.#client = client ?? new RocketClient(options);
    this.#ownsClient = client === undefined;
    const { namespace, remoting, routes, logger, runtime } = this.#client;
    this.group = namespace.wrapGroup(this.#options.group);
    this.#subscriptions = new Subscriptions(namespace, runtime.clock);
    this.#brokers = new BrokerLocator(routes);
    this.#puller = new Puller(remoting, this.#brokers, this.group);
    this.#offsets = new QueueOffsets(remoting, this.#brokers);
    this.#store = new RemoteOffsetStore(remoting, this.#brokers, this.group, logger);
  }

  async start(): Promise<void> {
    if (this.#state === 'started') return;
    if (this.#state === 'closed') throw new RocketMqError('CLIENT_CLOSED', 'this consumer is shut down; create another one');
    this.#client.addConsumer(this);
    this.#startedAt = this.#client.runtime.clock.now();
    this.#state = 'started';
    await this.#client.heartbeatNow();
  }

  async queuesOf(topic: string): Promise<readonly MessageQueue[]> {
    this.#assertStarted();
    const queues = await this.#client.routes.queuesOf(this.#client.namespace.wrapTopic(topic));
    return queues.subscribe;
  }

  async pull(queue: MessageQueue, offset: number, options: { maxMessages?: number; filter?: FilterExpression | string; waitMs?: number } = {}): Promise<PullResult> {
    this.#assertStarted();
    const result = await this.#puller.pull({
      queue,
      offset,
      maxMessages: options.maxMessages ?? DEFAULT_MAX_MESSAGES,
      suspendMs: options.waitMs ?? 0,
      timeoutMs: this.#options.pullTimeoutMs,
      subscription: this.#subscriptions.build(queue.topic, options.filter),
      withSubscription: true,
      commitOffset: 0,
    });
    return { ...result, messages: restoreMessages(result.messages, retryTopicOf(this.group), this.#client.namespace) };
  }

  minOffset(queue: MessageQueue): Promise<number> {
    this.#assertStarted();
    return this.#offsets.min(queue);
  }

  maxOffset(queue: MessageQueue): Promise<number> {
    this.#assertStarted();
    return this.#offsets.max(queue);
  }

  offsetAt(queue: MessageQueue, timestampMs: number): Promise<number> {
    this.#assertStarted();
    return this.#offsets.at(queue, timestampMs);
  }

  async committedOffset(queue: MessageQueue): Promise<number> {
    this.#assertStarted();
    return (await this.#store.read(queue)) ?? NO_OFFSET;
  }

  async commitOffset(queue: MessageQueue, offset: number): Promise<void> {
    this.#assertStarted();
    const { address } = await this.#brokers.reader(queue);
    const header = { consumerGroup: this.group, topic: queue.topic, queueId: queue.queueId, commitOffset: offset };
    const response = await this.#client.remoting.invokeCommand(updateConsumerOffset, address, header);
    response.expectSuccess();
  }

  async shutdown(): Promise<void> {
    const wasStarted = this.#state === 'started';
    this.#state = 'closed';
    if (wasStarted) await this.#client.removeConsumer(this);
    if (this.#ownsClient) await this.#client.shutdown();
  }

  consumerData(): ConsumerData {
    return {
      groupName: this.group,
      consumeType: 'CONSUME_ACTIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet: this.#subscriptions.all(),
      unitMode: false,
    };
  }

  topics(): Iterable<string> {
    return this.#subscriptions.topics();
  }

  /** The caller chooses its queues itself. */
  rebalanceSoon(): void {}

  /** The caller keeps its own position; there is nothing to reset here. */
  resetOffsets(): Promise<void> {
    return Promise.resolve();
  }

  offsetsOf(): readonly (readonly [MessageQueue, number])[] {
    return [];
  }

  runningInfo(): ConsumerRunningInfo {
    return runningInfoOf({
      orderly: false,
      concurrency: 0,
      consumeType: 'CONSUME_ACTIVELY',
      startedAt: this.#startedAt,
      nameServers: this.#client.options.nameServers,
      subscriptions: this.#subscriptions.all(),
      queues: [],
      now: this.#client.runtime.clock.now(),
      rates: () => ({ consumeRT: 0, consumeOKTPS: 0, consumeFailedTPS: 0, consumeFailedMsgs: 0 }),
    });
  }

  consumeDirectly(): Promise<ConsumeMessageDirectlyResult> {
    return Promise.reject(new RocketMqError('HANDLER_MISSING', `the consumer of "${this.group}" pulls by itself and has no listener to hand a message to`));
  }

  #assertStarted(): void {
    if (this.#state === 'started') return;
    if (this.#state === 'closed') throw new RocketMqError('CLIENT_CLOSED', 'this consumer is shut down; create another one');
    throw new RocketMqError('CLIENT_NOT_STARTED', 'this consumer is not started; await start() first');
  }
}
