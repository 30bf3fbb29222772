import { EXPRESSION_TYPE, SUBSCRIBE_ALL, buildSubscriptionData } from '../../protocol/body/subscription-data.js';
import type { SubscriptionData } from '../../protocol/body/subscription-data.js';
import { validateTopicName } from '../../protocol/topic-names.js';
import type { Clock } from '../../runtime/clock.js';
import type { Namespace } from '../namespace.js';
import { optionInvalid } from '../option-checks.js';
import type { FilterExpression } from '../types.js';

/** What a consumer wants, by topic as on the wire. */
export class Subscriptions {
  readonly #namespace: Namespace;
  readonly #clock: Clock;
  readonly #byTopic = new Map<string, SubscriptionData>();
  #lastVersion = 0;

  constructor(namespace: Namespace, clock: Clock) {
    this.#namespace = namespace;
    this.#clock = clock;
  }

  /**
   * Adds or replaces the subscription to a topic.
   * @throws RocketMqError `OPTION_INVALID`
   */
  add(topic: string, filter: FilterExpression | string = SUBSCRIBE_ALL): SubscriptionData {
    const subscription = this.build(topic, filter);
    this.#byTopic.set(subscription.topic, subscription);
    return subscription;
  }

  /**
   * Makes a subscription without keeping it.
   * @throws RocketMqError `OPTION_INVALID`
   */
  build(topic: string, filter: FilterExpression | string = SUBSCRIBE_ALL): SubscriptionData {
    const wireTopic = this.#namespace.wrapTopic(typeof topic === 'string' ? topic : '');
    const problem = validateTopicName(wireTopic);
    if (problem !== undefined) throw optionInvalid('topic', topic, `a legal topic name (${problem})`);
    const { type, expression } = typeof filter === 'string' ? { type: EXPRESSION_TYPE.TAG, expression: filter } : filter;
    // Brokers keep the subscription with the greatest version: two changes within a millisecond must differ.
    this.#lastVersion = Math.max(this.#clock.now(), this.#lastVersion + 1);
    return buildSubscriptionData(wireTopic, expression, type, this.#lastVersion);
  }

  remove(topic: string): void {
    this.#byTopic.delete(this.#namespace.wrapTopic(topic));
  }

  /** Subscription to a topic, named as on the wire. */
  get(wireTopic: string): SubscriptionData | undefined {
    return this.#byTopic.get(wireTopic);
  }

  all(): SubscriptionData[] {
    return [...this.#byTopic.values()];
  }

  /** Topics as on the wire. */
  topics(): string[] {
    return [...this.#byTopic.keys()];
  }
}
