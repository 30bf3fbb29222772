import type { Message, MessageExt, MessageQueue } from '../protocol/message/message.js';
import type { Logger } from '../runtime/logger.js';

/** Key pair that signs every request (HMAC-SHA1). Never logged. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly securityToken?: string;
}

/** What every client needs to know. */
export interface ClientOptions {
  /** NameServer addresses, `host:port`; a list or one string separated by `;`. */
  readonly nameServers: string | readonly string[];
  /** Distinguishes clients of one process; default: process id and a counter. */
  readonly instanceName?: string;
  /** Prefix that keeps tenants apart; default none. */
  readonly namespace?: string;
  readonly credentials?: Credentials;
  /** Time for one request other than a send or a pull, ms; default 3000. */
  readonly requestTimeoutMs?: number;
  /** Period of the route refresh, ms; default 30 000. */
  readonly pollNameServerIntervalMs?: number;
  /** Period of heartbeats to all brokers, ms; default 30 000. */
  readonly heartbeatIntervalMs?: number;
  /** Default: silent. */
  readonly logger?: Logger;
}

/** Options of a producer. */
export interface ProducerOptions extends ClientOptions {
  /** Producer group; default `DEFAULT_PRODUCER`. */
  readonly group?: string;
  /** Time for a send over all its attempts, ms; default 3000. */
  readonly sendTimeoutMs?: number;
  /** Further attempts on other brokers after a failed one; default 2. */
  readonly retryTimesWhenSendFailed?: number;
  /** Also try another broker when a message was stored but not as durably as configured; default false. */
  readonly retryAnotherBrokerWhenNotStoreOk?: boolean;
  /** Bodies from this size on, in bytes, are compressed with zlib; default 4096. */
  readonly compressBodyOverBytes?: number;
  /** Largest body accepted, in bytes; default 4 MiB. */
  readonly maxMessageSize?: number;
  /** Queues asked for when a topic is created by its first send; default 4. */
  readonly defaultTopicQueueNums?: number;
  /** Avoid brokers for a while after slow or failed sends; default false. */
  readonly sendLatencyFaultEnable?: boolean;
}

/** How durable a sent message is. All but `SEND_OK` mean: stored, but … */
export type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE';

/** Where a message was stored. */
export interface SendResult {
  readonly sendStatus: SendStatus;
  /** Unique key made by this client; for a batch, the keys joined by commas. */
  readonly msgId: string;
  /** Id by position, made by the broker; for a batch, ids joined by commas. */
  readonly offsetMsgId: string;
  readonly messageQueue: MessageQueue;
  readonly queueOffset: number;
  readonly transactionId?: string;
  readonly recallHandle?: string;
  readonly regionId: string;
}

/** Chooses the queue of a message. */
export type QueueSelector = (queues: readonly MessageQueue[], message: Message) => MessageQueue;

/** A message with the parts that become properties. */
export interface SendMessage extends Omit<Message, 'body'> {
  /** Text is sent as UTF-8. */
  readonly body: Uint8Array | string;
  readonly tag?: string;
  /** Business keys, indexed by the broker. */
  readonly keys?: string | readonly string[];
  /** Messages with the same key go to the same queue, in order. */
  readonly shardingKey?: string;
  /** Index into the broker's delay table, from 1; 0 or absent: none. */
  readonly delayTimeLevel?: number;
  /** Deliver at this time, ms since the epoch. */
  readonly deliverAt?: number;
  /** Wait for flush and replication as the broker is configured; default true. */
  readonly waitStoreMsgOk?: boolean;
}

/** Choices for one send. */
export interface SendOptions {
  /** Overrides the producer's `sendTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Sends to this queue and nowhere else. */
  readonly queue?: MessageQueue;
  /** Chooses among the topic's writable queues; not retried elsewhere. */
  readonly selector?: QueueSelector;
}

/** Sends messages. */
export interface RocketProducer {
  /** Connects and starts heartbeats. Resolves also when no broker is up yet; sends then fail until one is. */
  start(): Promise<void>;
  /** Sends and waits for the broker's answer. @throws RocketMqError `SEND_FAILED`, `TOPIC_ROUTE_NOT_FOUND`, `MESSAGE_TOO_LARGE`, … */
  send(message: SendMessage, options?: SendOptions): Promise<SendResult>;
  /** Sends several messages of one topic as one request; split by the caller when over the size limit. */
  sendBatch(messages: readonly SendMessage[], options?: SendOptions): Promise<SendResult>;
  /** Sends without an answer; resolves when the bytes were handed to the socket. */
  sendOneway(message: SendMessage, options?: SendOptions): Promise<void>;
  /** Sends a request and waits for the consumer's reply message. @throws RocketMqError `REQUEST_TIMEOUT` */
  request(message: SendMessage, timeoutMs: number): Promise<MessageExt>;
  /** Replies to a received request (see {@link request}). */
  reply(request: MessageExt, body: Uint8Array | string, properties?: Readonly<Record<string, string>>): Promise<SendResult>;
  /** Queues of a topic that can be written to. */
  queuesOf(topic: string): Promise<readonly MessageQueue[]>;
  /** Waits for sends in flight, leaves the group, closes. */
  shutdown(): Promise<void>;
}

/** CLUSTERING: the group's members share the queues. BROADCASTING: each gets everything. */
export type MessageModel = 'CLUSTERING' | 'BROADCASTING';
/** Where a group without a stored offset starts. */
export type ConsumeFromWhere = 'CONSUME_FROM_LAST_OFFSET' | 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_TIMESTAMP';

/** Which messages of a topic a consumer wants. */
export interface FilterExpression {
  readonly type: 'TAG' | 'SQL92';
  /** `*`, or tags joined by `||`; or a SQL92 condition. */
  readonly expression: string;
}

/** Outcome of a concurrent listener: consumed, or deliver again (`delayLevel` 0: growing delay; -1: dead letter; else that level). */
export type ConcurrentOutcome = { readonly status: 'CONSUME_SUCCESS' } | { readonly status: 'RECONSUME_LATER'; readonly delayLevel?: number };
/** Outcome of an orderly listener: go on, or pause the queue and offer the same messages again. */
export type OrderlyOutcome = { readonly status: 'SUCCESS' } | { readonly status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT'; readonly suspendMs?: number };

/** Facts for a listener. */
export interface ListenerContext {
  readonly messageQueue: MessageQueue;
  /** Aborted when the queue was taken away from this consumer or the consumer stops waiting at shutdown. */
  readonly signal: AbortSignal;
}

/** Returning nothing means CONSUME_SUCCESS; throwing means RECONSUME_LATER. */
export type ConcurrentListener = (messages: readonly MessageExt[], context: ListenerContext) => ConcurrentOutcome | void | Promise<ConcurrentOutcome | void>;
/** Returning nothing means SUCCESS; throwing means SUSPEND_CURRENT_QUEUE_A_MOMENT. */
export type OrderlyListener = (messages: readonly MessageExt[], context: ListenerContext) => OrderlyOutcome | void | Promise<OrderlyOutcome | void>;

/** Ways to share a topic's queues among the members of a group; all members must use the same one. */
export type AllocateStrategyName = 'AVG' | 'AVG_BY_CIRCLE' | 'CONSISTENT_HASH';

/** Shares a topic's queues among the members of a group. */
export interface AllocateStrategy {
  /** Name shown to administrators. */
  readonly name: string;
  /** Queues of `clientId`. `queues` and `clientIds` are sorted and the same for every member; each queue must go to exactly one. */
  allocate(clientId: string, queues: readonly MessageQueue[], clientIds: readonly string[]): readonly MessageQueue[];
}

/** Options of a push consumer. */
export interface PushConsumerOptions extends ClientOptions {
  readonly group: string;
  /** Default CLUSTERING. */
  readonly messageModel?: MessageModel;
  /** Default CONSUME_FROM_LAST_OFFSET. */
  readonly consumeFromWhere?: ConsumeFromWhere;
  /** For CONSUME_FROM_TIMESTAMP, ms since the epoch; default half an hour ago. */
  readonly consumeTimestamp?: number;
  /** Default AVG. */
  readonly allocateStrategy?: AllocateStrategyName | AllocateStrategy;
  /** Listener calls running at the same time; default 20. */
  readonly concurrency?: number;
  /** Messages per listener call; default 1. */
  readonly consumeMessageBatchMaxSize?: number;
  /** Messages asked for per pull; default 32. */
  readonly pullBatchSize?: number;
  /** Deliveries after the first before a message is dead-lettered; default 16; orderly: unlimited. */
  readonly maxReconsumeTimes?: number;
  /** A message whose concurrent listener runs longer than this is sent back, so that it no longer holds up its queue's offset, ms; default 15 minutes. */
  readonly consumeTimeoutMs?: number;
  /** Pause of a queue after an orderly failure, ms; default 1000. */
  readonly suspendCurrentQueueTimeMs?: number;
  /** Fetched but unsettled messages per queue before pulling pauses; default 1000. */
  readonly pullThresholdForQueue?: number;
  /** The same in bytes; default 100 MiB. */
  readonly pullThresholdBytesForQueue?: number;
  /** Largest distance of queue offsets held per queue (concurrent only); default 2000. */
  readonly consumeConcurrentlyMaxSpan?: number;
  /** Period of offset commits, ms; default 5000. */
  readonly persistConsumerOffsetIntervalMs?: number;
  /** How long the broker may hold an empty pull, ms; default 15 000. */
  readonly suspendTimeoutMs?: number;
  /** Time shutdown waits for running listeners, ms; default 30 000. */
  readonly shutdownTimeoutMs?: number;
  /** Directory of broadcast offsets; default `~/.rocketmq_offsets`. */
  readonly offsetStoreDirectory?: string;
}

/** Long-polling pull + listener. */
export interface RocketPushConsumer {
  /** May be called before and after start. */
  subscribe(topic: string, filter?: FilterExpression | string): void;
  unsubscribe(topic: string): void;
  /** One listener per consumer, set before start. */
  listenConcurrently(listener: ConcurrentListener): void;
  listenOrderly(listener: OrderlyListener): void;
  start(): Promise<void>;
  /** Stops delivering to the listener; keeps group membership and queues. */
  suspend(): void;
  resume(): void;
  /** Stops pulling, waits for running listeners (bounded), commits offsets, leaves the group, closes. */
  shutdown(): Promise<void>;
  /** Queues held at the moment. */
  assignment(): readonly MessageQueue[];
  /** State of every held queue, for health and lag metrics. */
  queueStates(): readonly ConsumerQueueState[];
}

/** One held queue. */
export interface ConsumerQueueState {
  readonly messageQueue: MessageQueue;
  /** Fetched, not yet settled. */
  readonly cachedMessages: number;
  readonly cachedBytes: number;
  /** Next offset to commit. */
  readonly consumerOffset: number;
  /** The broker's max offset as of the last pull. */
  readonly brokerMaxOffset: number;
  /** Time of the last completed pull, ms since the epoch; 0 when none yet. */
  readonly lastPullAt: number;
}

/** Result of one pull. */
export interface PullResult {
  readonly status: 'FOUND' | 'NO_NEW_MSG' | 'NO_MATCHED_MSG' | 'OFFSET_ILLEGAL';
  readonly nextBeginOffset: number;
  readonly minOffset: number;
  readonly maxOffset: number;
  readonly messages: readonly MessageExt[];
}

/** Options of a pull consumer. */
export interface PullConsumerOptions extends ClientOptions {
  readonly group: string;
  /** Time for a pull beyond what the broker may hold it, ms; default 10 000. */
  readonly pullTimeoutMs?: number;
}

/** Reads queues at the caller's pace. */
export interface RocketPullConsumer {
  start(): Promise<void>;
  queuesOf(topic: string): Promise<readonly MessageQueue[]>;
  /** One pull; `waitMs` > 0 lets the broker hold it until there is a message. */
  pull(queue: MessageQueue, offset: number, options?: { maxMessages?: number; filter?: FilterExpression | string; waitMs?: number }): Promise<PullResult>;
  minOffset(queue: MessageQueue): Promise<number>;
  maxOffset(queue: MessageQueue): Promise<number>;
  offsetAt(queue: MessageQueue, timestampMs: number): Promise<number>;
  /** The group's stored offset; -1 when none. */
  committedOffset(queue: MessageQueue): Promise<number>;
  commitOffset(queue: MessageQueue, offset: number): Promise<void>;
  shutdown(): Promise<void>;
}
