import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import { retryTopicOf } from '../../protocol/topic-names.js';
import { systemRuntime } from '../client-runtime.js';
import { RocketClient } from '../rocket-client.js';
import type { ConcurrentListener, ConsumerQueueState, FilterExpression, OrderlyListener, PushConsumerOptions, RocketPushConsumer } from '../types.js';
import { ConsumerEngine } from './consumer-engine.js';
import type { ConsumerListener } from './consumer-engine.js';
import { resolvePushConsumerOptions } from './consumer-options.js';
import type { ResolvedPushConsumerOptions } from './consumer-options.js';
import { Subscriptions } from './subscriptions.js';

/** Instance name of broadcasting consumers: their offsets are filed under it and must be found again after a restart. */
const BROADCAST_INSTANCE = 'DEFAULT';

/** Consumes with long-polling pulls and a listener, as Apache's `DefaultMQPushConsumer` does. */
export class PushConsumer implements RocketPushConsumer {
  readonly #client: RocketClient;
  readonly #ownsClient: boolean;
  readonly #options: ResolvedPushConsumerOptions;
  readonly #subscriptions: Subscriptions;
  #listener: ConsumerListener | undefined;
  #engine: ConsumerEngine | undefined;
  #state: 'created' | 'started' | 'closed' = 'created';

  /**
   * @param client shared connections, routes and heartbeats; the consumer then takes only the consumer's part of `options`.
   * Without it the consumer has its own and closes it at shutdown.
   * @throws RocketMqError `OPTION_INVALID`
   */
  constructor(options: PushConsumerOptions, client?: RocketClient) {
    const runtime = client?.runtime ?? systemRuntime();
    this.#options = resolvePushConsumerOptions(options, runtime.clock.now(), runtime.homeDirectory);
    const broadcasting = this.#options.messageModel === 'BROADCASTING';
    this.#client = client ?? new RocketClient(broadcasting ? { instanceName: BROADCAST_INSTANCE, ...options } : options, runtime);
    this.#ownsClient = client === undefined;
    this.#subscriptions = new Subscriptions(this.#client.namespace, runtime.clock);
  }

  /** Id that brokers know this consumer's client by. */
  get clientId(): string {
    return this.#client.clientId;
  }

  subscribe(topic: string, filter?: FilterExpression | string): void {
    this.#subscriptions.add(topic, filter);
    this.#afterChange();
  }

  unsubscribe(topic: string): void {
    this.#subscriptions.remove(topic);
    this.#afterChange();
  }

  listenConcurrently(listener: ConcurrentListener): void {
    this.#setListener({ mode: 'CONCURRENTLY', listener });
  }

  listenOrderly(listener: OrderlyListener): void {
    this.#setListener({ mode: 'ORDERLY', listener });
  }

  async start(): Promise<void> {
    if (this.#state === 'started') return;
    if (this.#state === 'closed') throw new RocketMqError('CLIENT_CLOSED', 'this consumer is shut down; create another one');
    if (this.#listener === undefined) {
      throw new RocketMqError('OPTION_INVALID', `the consumer of "${this.#options.group}" has no listener; call listenConcurrently or listenOrderly before start`);
    }
    if (this.#options.messageModel === 'CLUSTERING') this.#subscriptions.add(retryTopicOf(this.#client.namespace.wrapGroup(this.#options.group)));
    const engine = new ConsumerEngine(this.#client, this.#options, this.#subscriptions, this.#listener);
    this.#state = 'started';
    this.#engine = engine;
    try {
      await engine.start();
    } catch (error) {
      this.#state = 'created';
      this.#engine = undefined;
      throw error;
    }
  }

  suspend(): void {
    this.#engine?.suspend();
  }

  resume(): void {
    this.#engine?.resume();
  }

  async shutdown(): Promise<void> {
    const engine = this.#engine;
    this.#state = 'closed';
    this.#engine = undefined;
    await engine?.shutdown();
    if (this.#ownsClient) await this.#client.shutdown();
  }

  assignment(): readonly MessageQueue[] {
    return this.#engine?.assignment() ?? [];
  }

  queueStates(): readonly ConsumerQueueState[] {
    return this.#engine?.queueStates() ?? [];
  }

  #setListener(listener: ConsumerListener): void {
    if (this.#state !== 'created') throw new RocketMqError('OPTION_INVALID', 'the listener of a consumer is set before start; create another consumer for another listener');
    this.#listener = listener;
  }

  #afterChange(): void {
    this.#engine?.subscriptionsChanged().catch((error: unknown) => {
      this.#client.logger.error('a changed subscription could not be announced; the next heartbeat tries again', { group: this.#options.group, error });
    });
  }
}
