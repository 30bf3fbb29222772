import type {
  ConcurrentListener,
  ConsumerQueueState,
  FilterExpression,
  ListenerContext,
  OrderlyListener,
  ProducerOptions,
  PushConsumerOptions,
  RocketProducer,
  RocketPushConsumer,
  SendMessage,
  SendOptions,
  SendResult,
} from '../../../lib/client/types.js';
import type { RocketClientFactory } from '../../../lib/nest/client-factory.js';
import type { MessageExt, MessageQueue } from '../../../lib/protocol/message/message.js';

/** Every delay level of this cluster, ms. */
const REDELIVERY_MS = 5;

/** How a fake consumer was told to settle a message. */
export interface RecordedOutcome {
  readonly group: string;
  readonly msgId: string;
  readonly outcome: unknown;
}

/**
 * A RocketMQ cluster in memory, as far as the Nest layer can see one: topics with one queue, groups, redelivery without
 * delay, dead letters, request-reply. Messages sent before a group starts are delivered when it does.
 */
export class FakeCluster implements RocketClientFactory {
  readonly stored: MessageExt[] = [];
  readonly outcomes: RecordedOutcome[] = [];
  readonly producers: FakeProducer[] = [];
  readonly consumers: FakePushConsumer[] = [];
  /** What happened, in order. */
  readonly journal: string[] = [];
  /** Set to make producers' sends to matching topics fail. */
  failSendsTo: RegExp | undefined;
  readonly replies = new Map<string, (reply: MessageExt) => void>();

  createProducer(options: ProducerOptions): RocketProducer {
    const producer = new FakeProducer(this, options);
    this.producers.push(producer);
    return producer;
  }

  createPushConsumer(options: PushConsumerOptions): RocketPushConsumer {
    const consumer = new FakePushConsumer(this, options);
    this.consumers.push(consumer);
    return consumer;
  }

  topic(topic: string): MessageExt[] {
    return this.stored.filter((message) => message.topic === topic);
  }

  deadLetters(group: string): MessageExt[] {
    return this.topic(`%DLQ%${group}`);
  }

  /** Sends from outside of any application. */
  put(topic: string, body: unknown, properties: Record<string, string> = {}): MessageExt {
    return this.store({ topic, body: typeof body === 'string' ? body : JSON.stringify(body), properties });
  }

  store(message: SendMessage, reconsumeTimes = 0): MessageExt {
    const id = `M${this.stored.length}`;
    const properties: Record<string, string> = { ...message.properties };
    if (message.tag !== undefined) properties['TAGS'] = message.tag;
    if (message.keys !== undefined) properties['KEYS'] = typeof message.keys === 'string' ? message.keys : message.keys.join(' ');
    if (message.shardingKey !== undefined) properties['__SHARDINGKEY'] = message.shardingKey;
    if (message.deliverAt !== undefined) properties['TIMER_DELIVER_MS'] = String(message.deliverAt);
    const stored: MessageExt = {
      topic: message.topic,
      body: Buffer.from(message.body as Uint8Array),
      flag: message.flag ?? 0,
      properties,
      brokerName: 'broker-a',
      queueId: 0,
      queueOffset: this.topic(message.topic).length,
      commitLogOffset: this.stored.length * 100,
      storeSize: 100,
      bodyCrc: 0,
      sysFlag: 0,
      bornTimestamp: 1,
      bornHost: { ip: '127.0.0.1', port: 1 },
      storeTimestamp: 2,
      storeHost: { ip: '127.0.0.1', port: 2 },
      reconsumeTimes,
      preparedTransactionOffset: 0,
      msgId: id,
      offsetMsgId: `O${id}`,
    };
    this.stored.push(stored);
    for (const consumer of this.consumers) consumer.offer(stored);
    return stored;
  }
}

export class FakeProducer implements RocketProducer {
  state: 'new' | 'started' | 'closed' = 'new';

  constructor(
    private readonly cluster: FakeCluster,
    readonly options: ProducerOptions,
  ) {}

  start(): Promise<void> {
    this.state = 'started';
    this.cluster.journal.push('producer started');
    return Promise.resolve();
  }

  send(message: SendMessage, _options?: SendOptions): Promise<SendResult> {
    return this.#settle(() => resultOf(this.#store(message)));
  }

  sendBatch(messages: readonly SendMessage[]): Promise<SendResult> {
    return this.#settle(() => {
      const all = messages.map((message) => this.#store(message));
      return { ...resultOf(all[0]), msgId: all.map(({ msgId }) => msgId).join(',') };
    });
  }

  sendOneway(message: SendMessage): Promise<void> {
    return this.#settle(() => void this.#store(message));
  }

  request(message: SendMessage, timeoutMs: number): Promise<MessageExt> {
    return new Promise((resolve, reject) => {
      const correlation = `C${this.cluster.replies.size}`;
      const timer = setTimeout(() => reject(new Error(`no reply in ${timeoutMs} ms`)), timeoutMs);
      this.cluster.replies.set(correlation, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.#store({ ...message, properties: { ...message.properties, REPLY_TO_CLIENT: 'me', CORRELATION_ID: correlation } });
    });
  }

  reply(request: MessageExt, body: Uint8Array | string, properties: Readonly<Record<string, string>> = {}): Promise<SendResult> {
    return this.#settle(() => {
      const stored = this.#store({ topic: 'REPLY_TOPIC', body, properties });
      this.cluster.replies.get(request.properties['CORRELATION_ID'])?.(stored);
      return resultOf(stored);
    });
  }

  queuesOf(topic: string): Promise<readonly MessageQueue[]> {
    return Promise.resolve([{ topic, brokerName: 'broker-a', queueId: 0 }]);
  }

  shutdown(): Promise<void> {
    this.state = 'closed';
    this.cluster.journal.push('producer closed');
    return Promise.resolve();
  }

  #store(message: SendMessage): MessageExt {
    if (this.state !== 'started') throw new Error(`the producer is ${this.state}`);
    if (this.cluster.failSendsTo?.test(message.topic)) throw new Error(`the broker refuses ${message.topic}`);
    return this.cluster.store(message);
  }

  /** Rejects instead of throwing, as the real one does. */
  async #settle<T>(work: () => T): Promise<T> {
    return work();
  }
}

export class FakePushConsumer implements RocketPushConsumer {
  readonly subscriptions = new Map<string, FilterExpression>();
  state: 'new' | 'started' | 'suspended' | 'closed' = 'new';
  #concurrent: ConcurrentListener | undefined;
  #orderly: OrderlyListener | undefined;
  readonly #backlog: MessageExt[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    private readonly cluster: FakeCluster,
    readonly options: PushConsumerOptions,
  ) {}

  subscribe(topic: string, filter: FilterExpression | string = '*'): void {
    this.subscriptions.set(topic, typeof filter === 'string' ? { type: 'TAG', expression: filter } : filter);
  }

  unsubscribe(topic: string): void {
    this.subscriptions.delete(topic);
  }

  listenConcurrently(listener: ConcurrentListener): void {
    this.#concurrent = listener;
  }

  listenOrderly(listener: OrderlyListener): void {
    this.#orderly = listener;
  }

  start(): Promise<void> {
    this.state = 'started';
    this.cluster.journal.push(`consumer ${this.options.group} started`);
    for (const message of this.cluster.stored) this.offer(message);
    return Promise.resolve();
  }

  suspend(): void {
    this.state = 'suspended';
  }

  resume(): void {
    this.state = 'started';
    this.#pump();
  }

  async shutdown(): Promise<void> {
    this.cluster.journal.push(`consumer ${this.options.group} draining`);
    this.state = 'closed';
    const timer = setTimeout(() => this.#closing.abort(new Error('shutdown no longer waits')), this.options.shutdownTimeoutMs ?? 30_000);
    await Promise.race([Promise.all(this.#running), new Promise((resolve) => this.#closing.signal.addEventListener('abort', resolve))]);
    clearTimeout(timer);
    this.cluster.journal.push(`consumer ${this.options.group} closed`);
  }

  assignment(): readonly MessageQueue[] {
    return [...this.subscriptions.keys()].map((topic) => ({ topic, brokerName: 'broker-a', queueId: 0 }));
  }

  queueStates(): readonly ConsumerQueueState[] {
    return [];
  }

  /** Takes a stored message when it is subscribed to, without looking at tags, like a broker with colliding tag hashes. */
  offer(message: MessageExt): void {
    if (this.state === 'new' || this.state === 'closed' || !this.subscriptions.has(message.topic)) return;
    this.#backlog.push(message);
    this.#pump();
  }

  #pump(): void {
    const limit = this.#orderly === undefined ? (this.options.concurrency ?? 20) : 1;
    while (this.state === 'started' && this.#backlog.length > 0 && this.#running.size < limit) {
      const messages = this.#backlog.splice(0, this.options.consumeMessageBatchMaxSize ?? 1);
      const run = this.#deliver(messages).finally(() => {
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #deliver(messages: readonly MessageExt[]): Promise<void> {
    const [first] = messages;
    const context: ListenerContext = { messageQueue: { topic: first.topic, brokerName: first.brokerName, queueId: 0 }, signal: this.#closing.signal };
    const outcome = (await (this.#orderly === undefined ? this.#concurrent?.(messages, context) : this.#orderly(messages, context))) ?? { status: 'CONSUME_SUCCESS' };
    for (const { msgId } of messages) this.cluster.outcomes.push({ group: this.options.group, msgId, outcome });
    if (outcome.status === 'CONSUME_SUCCESS' || outcome.status === 'SUCCESS') return;
    const again = messages.map((message) => ({ ...message, reconsumeTimes: message.reconsumeTimes + 1 }));
    if (outcome.status === 'SUSPEND_CURRENT_QUEUE_A_MOMENT') this.#backlog.unshift(...again);
    else if (outcome.delayLevel === -1) for (const { body, properties } of messages) this.cluster.store({ topic: `%DLQ%${this.options.group}`, body, properties });
    else setTimeout(() => this.#offerAgain(again), REDELIVERY_MS);
  }

  #offerAgain(messages: readonly MessageExt[]): void {
    this.#backlog.push(...messages);
    this.#pump();
  }
}

function resultOf(stored: MessageExt): SendResult {
  return {
    sendStatus: 'SEND_OK',
    msgId: stored.msgId,
    offsetMsgId: stored.offsetMsgId,
    messageQueue: { topic: stored.topic, brokerName: stored.brokerName, queueId: 0 },
    queueOffset: stored.queueOffset,
    regionId: 'DefaultRegion',
  };
}
