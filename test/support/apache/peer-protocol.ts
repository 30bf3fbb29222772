/** The requests and events of `java/PeerClient.java`, as types. */

export interface PeerError {
  /** Simple name of the Java exception. */
  readonly type: string;
  readonly message: string;
  readonly code?: number;
  readonly brokerAddress?: string;
  readonly cause?: PeerError;
}

export interface PeerQueue {
  readonly topic: string;
  readonly brokerName: string;
  readonly queueId: number;
}

/** A message to send. */
export interface PeerMessage {
  readonly topic: string;
  /** UTF-8 text; `bodyBase64` for bytes. */
  readonly body?: string;
  readonly bodyBase64?: string;
  readonly tags?: string;
  /** Separated by spaces. */
  readonly keys?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly delayLevel?: number;
  /** Timer messages: from now, or at a moment since the epoch. */
  readonly delayMillis?: number;
  readonly deliverAt?: number;
  readonly flag?: number;
  readonly waitStoreOk?: boolean;
}

export interface PeerSendResult extends PeerQueue {
  readonly status: 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE';
  /** The unique id made by the client. */
  readonly msgId: string;
  readonly offsetMsgId: string;
  readonly queueOffset: number;
  readonly transactionId: string | null;
  readonly recallHandle: string | null;
}

/** A message as Apache's client decoded it. */
export interface PeerStoredMessage extends PeerQueue {
  readonly tags: string | null;
  readonly keys: string | null;
  readonly flag: number;
  readonly body: string;
  readonly bodyBase64: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly msgId: string;
  readonly offsetMsgId: string;
  readonly queueOffset: number;
  readonly physicalOffset: number;
  readonly storeSize: number;
  readonly sysFlag: number;
  readonly reconsumeTimes: number;
  readonly bornTimestamp: number;
  readonly storeTimestamp: number;
  readonly bornHost: string;
  readonly storeHost: string;
}

export interface PeerReceivedMessage extends PeerStoredMessage {
  /** Which delivery of this message to this consumer it is, from 1. */
  readonly delivery: number;
  /** Messages in the same call of the listener. */
  readonly batchSize: number;
  /** Calls of the listener running at this moment, this one included. */
  readonly concurrency: number;
  readonly thread: string;
  readonly outcome: 'success' | 'failure';
}

export type PeerEvent =
  | { readonly event: 'sent'; readonly producer: string; readonly sent: PeerSendResult }
  | { readonly event: 'received'; readonly consumer: string; readonly message: PeerReceivedMessage }
  | { readonly event: 'transactionCheck'; readonly producer: string; readonly answer: string | null; readonly message: PeerStoredMessage }
  | { readonly event: 'replyFailed'; readonly consumer: string; readonly error: PeerError };

export interface PeerSubscription {
  readonly topic: string;
  /** Default `*`. */
  readonly expression?: string;
  readonly type?: 'TAG' | 'SQL92';
}

/** Fails the first `times` deliveries (default 1) of what it names; of all messages when it names nothing. */
export interface PeerFailure {
  readonly body?: string;
  readonly key?: string;
  readonly times?: number;
  /** Default `later`. */
  readonly how?: 'later' | 'throw' | 'null';
  /** Delay level asked for the retry; default 1, which is one second. -1: straight to the dead-letter topic; 0: the broker decides. */
  readonly delayLevel?: number;
}

type From = 'FIRST_OFFSET' | 'LAST_OFFSET' | 'TIMESTAMP';

/** What every client takes. */
export interface PeerClientArgs {
  /** The name by which later calls mean this client. */
  readonly name: string;
  readonly nameServer: string;
  readonly instanceName?: string;
  readonly unitName?: string;
  readonly namespace?: string;
  readonly vipChannel?: boolean;
  readonly tls?: boolean;
  /** Milliseconds; default 1000. */
  readonly pollNameServerInterval?: number;
  /** Milliseconds; default 5000. */
  readonly heartbeatInterval?: number;
  /** Milliseconds; default 500. */
  readonly persistOffsetInterval?: number;
}

export interface PeerProducerArgs extends PeerClientArgs {
  readonly group: string;
  readonly transactional?: boolean;
  /** Default 10000. */
  readonly timeoutMillis?: number;
  readonly retries?: number;
  readonly defaultTopicQueueNums?: number;
  /** Bodies of this many bytes and more are compressed. Default 4096. */
  readonly compressOver?: number;
  readonly compression?: 'ZLIB' | 'LZ4' | 'ZSTD';
}

export interface PeerConsumerArgs extends PeerClientArgs {
  readonly group: string;
  readonly subscriptions: readonly PeerSubscription[];
  /** Default LAST_OFFSET. */
  readonly from?: From;
  /** yyyyMMddHHmmss, for TIMESTAMP. */
  readonly timestamp?: string;
  readonly broadcast?: boolean;
  readonly orderly?: boolean;
  readonly threads?: number;
  readonly batchSize?: number;
  readonly pullBatchSize?: number;
  /** Default -1: 16 when concurrent, without end when orderly. */
  readonly maxReconsumeTimes?: number;
  /** Pause of an orderly queue after a failure. Default 200. */
  readonly suspendMillis?: number;
  readonly awaitTerminationMillis?: number;
  /** False: ask the broker for assignments, which pop consumption needs. */
  readonly clientRebalance?: boolean;
  readonly popInvisibleMillis?: number;
  readonly failures?: readonly PeerFailure[];
  /** How long the listener takes for each message. */
  readonly workMillis?: number;
  /** Answers each message, for request-reply: `reply to <body>`. */
  readonly reply?: boolean;
}

export interface PeerLiteArgs extends PeerClientArgs {
  readonly group: string;
  readonly subscriptions?: readonly PeerSubscription[];
  /** These queues instead of a share of the group's. */
  readonly assign?: readonly PeerQueue[];
  /** Default FIRST_OFFSET. */
  readonly from?: From;
  readonly autoCommit?: boolean;
  readonly pullBatchSize?: number;
}

export interface PeerSendArgs {
  readonly name: string;
  readonly mode?: 'sync' | 'async' | 'oneway';
  readonly message: PeerMessage;
  /** Chooses the queue by hash. */
  readonly shardingKey?: string;
  readonly queue?: PeerQueue;
}

interface Named {
  readonly name: string;
}

interface Admin {
  readonly nameServer: string;
}

interface Pop extends Named {
  readonly group: string;
  readonly topic: string;
  readonly brokerName: string;
  readonly brokerAddress: string;
}

type Json = Readonly<Record<string, unknown>>;
type Op<Args, Result> = { readonly args: Args; readonly result: Result };
type Started = { readonly clientId: string };
type Nothing = Json;

/** Operation → arguments and result. */
export interface PeerOperations {
  'hello': Op<Json, { readonly version: string; readonly java: string; readonly pid: number }>;

  'producer.start': Op<PeerProducerArgs, Started>;
  'producer.send': Op<PeerSendArgs | (Named & { readonly mode: 'batch'; readonly messages: readonly PeerMessage[]; readonly queue?: PeerQueue }), PeerSendResult>;
  /** `checkAnswer` is what the listener answers when the broker checks later. */
  'producer.sendTransaction': Op<
    Named & { readonly message: PeerMessage; readonly outcome: 'COMMIT' | 'ROLLBACK' | 'UNKNOW' | 'THROW'; readonly checkAnswer?: 'COMMIT' | 'ROLLBACK' | 'UNKNOW' },
    PeerSendResult & { readonly localState: string | null }
  >;
  'producer.request': Op<Named & { readonly message: PeerMessage; readonly ttlMillis?: number }, PeerStoredMessage>;
  'producer.recall': Op<Named & { readonly topic: string; readonly recallHandle: string }, string>;
  'producer.queues': Op<Named & { readonly topic: string }, readonly PeerQueue[]>;
  'producer.stop': Op<Named, Nothing>;

  'consumer.start': Op<PeerConsumerArgs, Started>;
  'consumer.subscribe': Op<Named & PeerSubscription, Nothing>;
  'consumer.unsubscribe': Op<Named & { readonly topic: string }, Nothing>;
  /** Queues it holds now, those of the retry topic left out. */
  'consumer.assignment': Op<Named, readonly PeerQueue[]>;
  'consumer.suspend': Op<Named, Nothing>;
  'consumer.resume': Op<Named, Nothing>;
  'consumer.stop': Op<Named, Nothing>;

  'lite.start': Op<PeerLiteArgs, Started>;
  'lite.poll': Op<Named & { readonly timeoutMillis?: number }, readonly PeerStoredMessage[]>;
  'lite.seek': Op<Named & { readonly queue: PeerQueue; readonly offset: number }, Nothing>;
  'lite.commit': Op<Named, Nothing>;
  'lite.committed': Op<Named & { readonly queue: PeerQueue }, number>;
  'lite.assignment': Op<Named, readonly PeerQueue[]>;
  'lite.queues': Op<Named & { readonly topic: string }, readonly PeerQueue[]>;
  'lite.stop': Op<Named, Nothing>;

  'pop.open': Op<PeerClientArgs, Nothing>;
  'pop.receive': Op<
    Pop & { readonly queueId?: number; readonly maxMessages?: number; readonly invisibleMillis?: number; readonly pollMillis?: number; readonly initMode?: 0 | 1; readonly expression?: string; readonly order?: boolean },
    { readonly status: string; readonly popTime: number; readonly invisibleTime: number; readonly restNum: number; readonly messages: readonly PeerStoredMessage[] }
  >;
  /** `receipt` is the message's property POP_CK. */
  'pop.ack': Op<Pop & { readonly receipt: string }, { readonly status: string }>;
  'pop.changeInvisible': Op<Pop & { readonly receipt: string; readonly invisibleMillis: number }, { readonly status: string; readonly popTime: number; readonly receipt: string }>;
  'pop.close': Op<Named, Nothing>;

  'query.byKey': Op<Admin & { readonly topic: string; readonly key: string; readonly max?: number; readonly begin?: number; readonly end?: number }, readonly PeerStoredMessage[]>;
  /** Takes a unique id or an offset id. */
  'query.byId': Op<Admin & { readonly topic: string; readonly msgId: string }, PeerStoredMessage>;

  'admin.createTopic': Op<
    Admin & { readonly topic: string; readonly queues?: number; readonly readQueues?: number; readonly writeQueues?: number; readonly perm?: number; readonly order?: boolean; readonly attributes?: Readonly<Record<string, string>> },
    readonly string[]
  >;
  'admin.deleteTopic': Op<Admin & { readonly topic: string }, Nothing>;
  'admin.topicList': Op<Admin, readonly string[]>;
  'admin.route': Op<Admin & { readonly topic: string }, Json>;
  'admin.topicConfig': Op<Admin & { readonly topic: string }, Json>;
  'admin.topicStats': Op<Admin & { readonly topic: string }, readonly (PeerQueue & { readonly minOffset: number; readonly maxOffset: number; readonly lastUpdateTimestamp: number })[]>;
  'admin.clusterInfo': Op<Admin, Json>;
  'admin.brokerConfig': Op<Admin & { readonly brokerAddress?: string }, Readonly<Record<string, string>>>;
  'admin.brokerRuntime': Op<Admin & { readonly brokerAddress?: string }, Readonly<Record<string, string>>>;
  'admin.putKeyValue': Op<Admin & { readonly namespace: string; readonly key: string; readonly value: string }, Nothing>;
  'admin.getKeyValue': Op<Admin & { readonly namespace: string; readonly key: string }, string>;
  'admin.createGroup': Op<
    Admin & { readonly group: string; readonly consumeEnable?: boolean; readonly consumeFromMinEnable?: boolean; readonly consumeBroadcastEnable?: boolean; readonly orderly?: boolean; readonly retryMaxTimes?: number; readonly retryQueueNums?: number },
    Nothing
  >;
  'admin.groupConfig': Op<Admin & { readonly group: string }, Json>;
  'admin.deleteGroup': Op<Admin & { readonly group: string; readonly cleanOffset?: boolean }, Nothing>;
  'admin.consumerConnection': Op<Admin & { readonly group: string }, Json>;
  'admin.producerConnection': Op<Admin & { readonly group: string; readonly topic: string }, Json>;
  'admin.consumerRunningInfo': Op<Admin & { readonly group: string; readonly clientId: string }, Json>;
  'admin.consumeDirectly': Op<Admin & { readonly group: string; readonly clientId: string; readonly topic: string; readonly msgId: string }, Json>;
  'admin.consumeStats': Op<Admin & { readonly group: string; readonly topic?: string }, readonly (PeerQueue & { readonly brokerOffset: number; readonly consumerOffset: number; readonly pullOffset: number; readonly lastTimestamp: number })[]>;
  'admin.setRequestMode': Op<Admin & { readonly topic: string; readonly group: string; readonly mode: 'PULL' | 'POP'; readonly popShareQueueNum?: number }, Nothing>;
  'admin.resetOffset': Op<Admin & { readonly topic: string; readonly group: string; readonly timestamp: number; readonly force?: boolean }, readonly (PeerQueue & { readonly offset: number })[]>;
  'admin.updateOffset': Op<Admin & { readonly group: string; readonly queue: PeerQueue; readonly offset: number }, Nothing>;
  'admin.maxOffset': Op<Admin & { readonly queue: PeerQueue }, number>;
  'admin.minOffset': Op<Admin & { readonly queue: PeerQueue }, number>;
  'admin.earliestStoreTime': Op<Admin & { readonly queue: PeerQueue }, number>;
  'admin.searchOffset': Op<Admin & { readonly queue: PeerQueue; readonly timestamp: number }, number>;
  'admin.close': Op<Json, Nothing>;
}
