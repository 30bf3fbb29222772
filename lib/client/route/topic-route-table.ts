import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { TopicRouteData } from '../../protocol/body/topic-route-data.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import { SYSTEM_TOPIC } from '../../protocol/topic-names.js';
import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { BrokerAddresses } from './broker-addresses.js';
import { publishQueuesOf, routeForCreation, subscribeQueuesOf } from './topic-queues.js';

/** Where routes come from. */
export interface RouteSource {
  routeOf(topic: string): Promise<TopicRouteData | undefined>;
}

/** A topic's queues as one route tells them. Replaced, never changed, when the route changes. */
export interface TopicQueues {
  readonly topic: string;
  readonly publish: readonly MessageQueue[];
  readonly subscribe: readonly MessageQueue[];
  /** The topic does not exist yet: its first message will create it. */
  readonly uncreated: boolean;
}

interface Entry {
  queues: TopicQueues;
  route: TopicRouteData;
  /** Text of the route, to see a change. */
  fingerprint: string;
}

/** Wanted topics without a route are asked for after this long, then twice as long, up to the ordinary period, ms. */
const FIRST_MISSING_RETRY_MS = 1_000;

/**
 * Routes of the topics in use, asked for when first needed and refreshed periodically, and the brokers they name.
 * One request at most per topic is under way.
 */
export class TopicRouteTable {
  readonly brokers = new BrokerAddresses();
  readonly #source: RouteSource;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #periodMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #refreshing = new Map<string, Promise<TopicQueues | undefined>>();
  readonly #listeners = new Set<(topic: string) => void>();
  #refresher: TimerHandle | undefined;
  #missingRetry: TimerHandle | undefined;
  #missingRetryMs = FIRST_MISSING_RETRY_MS;
  #wanted: () => Iterable<string> = () => [];

  constructor(source: RouteSource, clock: Clock, logger: Logger, periodMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.#logger = logger;
    this.#periodMs = periodMs;
  }

  /** Starts the periodic refresh of every topic known here or named by `wanted`. */
  start(wanted: () => Iterable<string>): void {
    this.#wanted = wanted;
    this.#refresher ??= this.#clock.repeat(this.#periodMs, () => void this.refreshAll());
  }

  stop(): void {
    this.#refresher?.cancel();
    this.#missingRetry?.cancel();
    this.#refresher = undefined;
    this.#missingRetry = undefined;
  }

  /** Calls `listener` with the topic whenever a route has changed; returns how to stop that. */
  onChanged(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is known of a topic now; `undefined` when nothing is. */
  known(topic: string): TopicQueues | undefined {
    return this.#entries.get(topic)?.queues;
  }

  /**
   * Queues of a topic, asking the NameServer when unknown.
   * @throws RocketMqError `TOPIC_ROUTE_NOT_FOUND`, `NO_NAME_SERVER`
   */
  async queuesOf(topic: string): Promise<TopicQueues> {
    const queues = this.known(topic) ?? (await this.refresh(topic));
    if (queues === undefined) throw routeNotFound(topic);
    return queues;
  }

  /**
   * Queues to send to. A topic that does not exist gets those its creation will give, when the brokers create topics.
   * @throws RocketMqError `TOPIC_ROUTE_NOT_FOUND`, `NO_NAME_SERVER`
   */
  async queuesForSending(topic: string, defaultTopicQueueNums: number): Promise<TopicQueues> {
    const known = this.known(topic);
    if (known !== undefined && known.publish.length > 0) return known;
    const queues = (await this.refresh(topic)) ?? (await this.#adoptPattern(topic, defaultTopicQueueNums));
    if (queues === undefined || queues.publish.length === 0) throw routeNotFound(topic);
    return queues;
  }

  /**
   * Asks the NameServer for a topic's route; `undefined` when there is none (what was known before stays known).
   * @throws RocketMqError `NO_NAME_SERVER`, `RESPONSE_ERROR`, `PROTOCOL_MALFORMED_BODY`
   */
  refresh(topic: string): Promise<TopicQueues | undefined> {
    const running = this.#refreshing.get(topic);
    if (running !== undefined) return running;
    const refreshing = this.#refreshNow(topic).finally(() => this.#refreshing.delete(topic));
    this.#refreshing.set(topic, refreshing);
    return refreshing;
  }

  /** Refreshes every topic in use; failures are logged. */
  async refreshAll(): Promise<void> {
    const topics = new Set([...this.#entries.keys(), ...this.#wanted()]);
    await Promise.all([...topics].map((topic) => this.refreshQuietly(topic)));
    this.#forgetUnusedBrokers();
    this.#retryMissing();
  }

  /** {@link refresh} that logs a failure instead of throwing it. */
  async refreshQuietly(topic: string): Promise<void> {
    try {
      const found = await this.refresh(topic);
      if (found === undefined) this.#retryMissing();
    } catch (error) {
      this.#logger.warn('the route of a topic could not be refreshed', { topic, error });
      this.#retryMissing();
    }
  }

  async #refreshNow(topic: string): Promise<TopicQueues | undefined> {
    const route = await this.#source.routeOf(topic);
    if (route !== undefined) return this.#adopt(topic, route, false);
    const entry = this.#entries.get(topic);
    return entry?.queues.uncreated ? entry.queues : undefined;
  }

  /** Several producers may want different queue numbers; the first one asked for stands until the topic exists. */
  async #adoptPattern(topic: string, defaultTopicQueueNums: number): Promise<TopicQueues | undefined> {
    const pattern = await this.#source.routeOf(SYSTEM_TOPIC.AUTO_CREATE);
    return pattern === undefined ? undefined : this.#adopt(topic, routeForCreation(pattern, defaultTopicQueueNums), true);
  }

  #adopt(topic: string, route: TopicRouteData, uncreated: boolean): TopicQueues {
    const fingerprint = `${uncreated}${JSON.stringify(route)}`;
    const existing = this.#entries.get(topic);
    if (existing?.fingerprint === fingerprint) return existing.queues;
    const queues: TopicQueues = { topic, publish: publishQueuesOf(topic, route), subscribe: uncreated ? [] : subscribeQueuesOf(topic, route), uncreated };
    this.#entries.set(topic, { queues, route, fingerprint });
    this.brokers.update(route.brokerDatas);
    this.#logger.debug('a route changed', { topic, publish: queues.publish.length, subscribe: queues.subscribe.length });
    for (const listener of this.#listeners) listener(topic);
    return queues;
  }

  #forgetUnusedBrokers(): void {
    const used = new Set<string>();
    for (const { route } of this.#entries.values()) {
      for (const broker of route.brokerDatas) used.add(broker.brokerName);
    }
    this.brokers.retain(used);
  }

  /** A group's retry topic, for one, appears a moment after the group's first heartbeat: waiting a whole period would delay retries. */
  #retryMissing(): void {
    if (this.#missingRetry !== undefined || this.#refresher === undefined) return;
    const missing = [...this.#wanted()].filter((topic) => !this.#isReadable(topic));
    if (missing.length === 0) {
      this.#missingRetryMs = FIRST_MISSING_RETRY_MS;
      return;
    }
    this.#missingRetry = this.#clock.schedule(this.#missingRetryMs, () => {
      this.#missingRetry = undefined;
      this.#missingRetryMs = Math.min(this.#missingRetryMs * 2, this.#periodMs);
      for (const topic of missing) void this.refreshQuietly(topic);
    });
  }

  #isReadable(topic: string): boolean {
    return (this.known(topic)?.subscribe.length ?? 0) > 0;
  }
}

function routeNotFound(topic: string): RocketMqError {
  return new RocketMqError('TOPIC_ROUTE_NOT_FOUND', `no broker serves the topic "${topic}"; create it, or let brokers create topics (autoCreateTopicEnable)`, {
    retryable: true,
    details: { topic },
  });
}
