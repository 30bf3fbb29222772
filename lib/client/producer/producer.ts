import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt, MessageQueue } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import { replyTopicOf } from '../../protocol/topic-names.js';
import type { ProducerMember } from '../group-members.js';
import { RocketClient } from '../rocket-client.js';
import type { ProducerOptions, RocketProducer, SendMessage, SendOptions, SendResult } from '../types.js';
import { FaultTracker } from './fault-tracker.js';
import { MessageComposer } from './outgoing-message.js';
import type { OutgoingMessage } from './outgoing-message.js';
import { resolveProducerOptions } from './producer-options.js';
import type { ResolvedProducerOptions } from './producer-options.js';
import { RoundRobin, queueOfShardingKey } from './queue-selector.js';
import { SendPipeline } from './send-pipeline.js';
import type { FixedQueue } from './send-pipeline.js';

/** Sends messages, as Apache's `DefaultMQProducer` does. */
export class Producer implements RocketProducer {
  readonly #client: RocketClient;
  readonly #ownsClient: boolean;
  readonly #options: ResolvedProducerOptions;
  readonly #composer: MessageComposer;
  readonly #pipeline: SendPipeline;
  readonly #member: ProducerMember;
  #state: 'created' | 'started' | 'closed' = 'created';
  #inFlight = 0;
  #onIdle: (() => void) | undefined;

  /**
   * @param client shared connections, routes and heartbeats; the producer then takes only the producer's part of `options`.
   * Without it the producer has its own and closes it at shutdown.
   * @throws RocketMqError `OPTION_INVALID`
   */
  constructor(options: ProducerOptions, client?: RocketClient) {
    this.#options = resolveProducerOptions(options);
    this.#client = client ?? new RocketClient(options);
    this.#ownsClient = client === undefined;
    const { runtime, namespace, remoting, routes, uniqueKeys } = this.#client;
    const group = namespace.wrapGroup(this.#options.group);
    const faults = new FaultTracker(runtime.clock, this.#options.sendLatencyFaultEnable);
    const { maxMessageSize, compressBodyOverBytes } = this.#options;
    this.#composer = new MessageComposer({ maxMessageSize, compressBodyOverBytes, namespace }, () => uniqueKeys.next());
    this.#pipeline = new SendPipeline(remoting, routes, { ...this.#options, producerGroup: group }, new RoundRobin(runtime.random, faults), faults, runtime.clock);
    this.#member = { group };
  }

  /** Id that brokers know this producer's client by. */
  get clientId(): string {
    return this.#client.clientId;
  }

  async start(): Promise<void> {
    if (this.#state === 'started') return;
    if (this.#state === 'closed') throw closed();
    this.#client.addProducer(this.#member);
    this.#state = 'started';
    await this.#client.heartbeatNow();
  }

  async send(message: SendMessage, options: SendOptions = {}): Promise<SendResult> {
    this.#begin();
    try {
      return await this.#pipeline.send(this.#composer.compose(message), this.#timeoutOf(options), fixedQueue(message, options));
    } finally {
      this.#end();
    }
  }

  async sendBatch(messages: readonly SendMessage[], options: SendOptions = {}): Promise<SendResult> {
    this.#begin();
    try {
      const batch = this.#composer.composeBatch(messages);
      return await this.#pipeline.send(batch, this.#timeoutOf(options), fixedQueue(messages[0], options));
    } finally {
      this.#end();
    }
  }

  async sendOneway(message: SendMessage, options: SendOptions = {}): Promise<void> {
    this.#begin();
    try {
      await this.#pipeline.sendOneway(this.#composer.compose(message), fixedQueue(message, options));
    } finally {
      this.#end();
    }
  }

  async request(message: SendMessage, timeoutMs: number): Promise<MessageExt> {
    this.#begin();
    try {
      const correlationId = this.#client.runtime.random.uuid();
      const outgoing = this.#composer.compose(message, {
        [PROPERTY.CORRELATION_ID]: correlationId,
        [PROPERTY.REPLY_TO_CLIENT]: this.#client.clientId,
        [PROPERTY.TTL]: String(timeoutMs),
      });
      return await this.#exchange(outgoing, correlationId, timeoutMs, fixedQueue(message, {}));
    } finally {
      this.#end();
    }
  }

  async reply(request: MessageExt, body: Uint8Array | string, properties: Readonly<Record<string, string>> = {}): Promise<SendResult> {
    const { CORRELATION_ID: correlationId, REPLY_TO_CLIENT: client, TTL: timeToLive, CLUSTER: cluster } = request.properties;
    if (correlationId === undefined || client === undefined || cluster === undefined) {
      throw new RocketMqError('MESSAGE_ILLEGAL', `the message ${request.msgId} expects no reply; only messages sent with request() do`, { details: { msgId: request.msgId } });
    }
    return this.send({
      topic: replyTopicOf(cluster),
      body,
      properties: {
        ...properties,
        [PROPERTY.MESSAGE_TYPE]: 'reply',
        [PROPERTY.CORRELATION_ID]: correlationId,
        [PROPERTY.REPLY_TO_CLIENT]: client,
        [PROPERTY.TTL]: timeToLive ?? '',
      },
    });
  }

  async queuesOf(topic: string): Promise<readonly MessageQueue[]> {
    this.#assertStarted();
    const queues = await this.#client.routes.queuesForSending(this.#composer.topicOnWire(topic), this.#options.defaultTopicQueueNums);
    return queues.publish;
  }

  async shutdown(): Promise<void> {
    const wasStarted = this.#state === 'started';
    this.#state = 'closed';
    if (wasStarted) {
      if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
      await this.#client.removeProducer(this.#member);
    }
    if (this.#ownsClient) await this.#client.shutdown();
  }

  /** The reply comes through any broker, so every broker of the topic must know this client before the request leaves. */
  async #exchange(outgoing: OutgoingMessage, correlationId: string, timeoutMs: number, fixed: FixedQueue | undefined): Promise<MessageExt> {
    const { routes, replies } = this.#client;
    if (routes.known(outgoing.topic) === undefined) {
      await routes.queuesForSending(outgoing.topic, this.#options.defaultTopicQueueNums);
      await this.#client.heartbeatNow();
    }
    const reply = replies.expect(correlationId, timeoutMs);
    this.#pipeline.send(outgoing, timeoutMs, fixed).catch((error: unknown) => {
      replies.fail(correlationId, error instanceof RocketMqError ? error : new RocketMqError('SEND_FAILED', String(error), { cause: error }));
    });
    return reply;
  }

  #timeoutOf(options: SendOptions): number {
    return options.timeoutMs ?? this.#options.sendTimeoutMs;
  }

  #begin(): void {
    this.#assertStarted();
    this.#inFlight++;
  }

  #end(): void {
    if (--this.#inFlight === 0) this.#onIdle?.();
  }

  #assertStarted(): void {
    if (this.#state === 'started') return;
    throw this.#state === 'closed' ? closed() : new RocketMqError('CLIENT_NOT_STARTED', 'this producer is not started; await start() first');
  }
}

function closed(): RocketMqError {
  return new RocketMqError('CLIENT_CLOSED', 'this producer is shut down; create another one');
}

/** What the message or the caller says about the queue; `undefined`: any will do. */
function fixedQueue(message: SendMessage, options: SendOptions): FixedQueue | undefined {
  const { queue, selector } = options;
  if (queue !== undefined) return () => queue;
  if (selector !== undefined) return (queues) => selected(selector(queues, { ...message, body: bytesOf(message.body) }), message.topic);
  const { shardingKey } = message;
  return shardingKey ? (queues) => queueOfShardingKey(shardingKey, queues) : undefined;
}

function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

function selected(queue: MessageQueue | undefined, topic: string): MessageQueue {
  if (queue !== undefined) return queue;
  throw new RocketMqError('MESSAGE_ILLEGAL', `the selector chose no queue for a message to "${topic}"; return one of those it is given`);
}
