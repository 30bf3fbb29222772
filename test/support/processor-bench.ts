import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeHeartbeatData, type ConsumerData } from '../../lib/protocol/body/heartbeat-data.js';
import { buildSubscriptionData } from '../../lib/protocol/body/subscription-data.js';
import { encodeHeader, type Command, type RequestHeaderOf } from '../../lib/protocol/define-command.js';
import { sendMessageV2 } from '../../lib/protocol/commands/message/send-message-v2.command.js';
import { pullMessage } from '../../lib/protocol/commands/message/pull-message.command.js';
import { heartBeat } from '../../lib/protocol/commands/client/heart-beat.command.js';
import { UniqueKeyGenerator } from '../../lib/protocol/message/message-id.js';
import { encodeProperties } from '../../lib/protocol/message/properties.js';
import { FLAG_ONEWAY, type RemotingCommand } from '../../lib/protocol/remoting-command.js';
import type { OutgoingResponse } from '../../lib/remoting/remoting-channel.js';
import { silentLogger, type Logger } from '../../lib/runtime/logger.js';
import { NodeFileSystem } from '../../lib/runtime/node-file-system.js';
import { ImmediateTurnScheduler } from '../../lib/runtime/turn-scheduler.js';
import { ClientChannels } from '../../broker/clients/client-channels.js';
import { connectionClosed, createBrokerState, loadBrokerState, startBrokerState, type BrokerState, type StateOptions } from '../../broker/processors/broker-state.js';
import { createProcessors, type ProcessorOptions } from '../../broker/processors/processors.module.js';
import { ProcessorTable } from '../../broker/remoting/processor-table.js';
import { RequestDispatcher } from '../../broker/remoting/request-dispatcher.js';
import { eventually } from './eventually.js';
import { FakeChannel, incoming } from './fake-channel.js';
import { MemoryMessageStore } from './memory-message-store.js';
import { VirtualClock } from './virtual-clock.js';

type BenchOptions = { -readonly [K in keyof (ProcessorOptions & StateOptions)]: (ProcessorOptions & StateOptions)[K] };

const DEFAULTS: Omit<BenchOptions, 'storePathRootDir'> = {
  brokerClusterName: 'C',
  brokerName: 'broker-a',
  brokerId: 0,
  brokerRole: 'ASYNC_MASTER',
  brokerIP1: '10.0.0.1',
  brokerPermission: 6,
  regionId: 'DefaultRegion',
  traceOn: true,
  autoCreateTopicEnable: true,
  autoCreateSubscriptionGroup: true,
  defaultTopicQueueNums: 8,
  clusterTopicEnable: true,
  brokerTopicEnable: true,
  traceTopicEnable: false,
  msgTraceTopicName: 'RMQ_SYS_TRACE_TOPIC',
  reviveQueueNum: 8,
  timerWheelEnable: true,
  flushConsumerOffsetInterval: 5_000,
  flushDelayOffsetInterval: 10_000,
  messageDelayLevel: '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h',
  notifyConsumerIdsChangedEnable: true,
  rejectTransactionMessage: false,
  maxMessageSize: 4 * 1024 * 1024,
  litePullMessageEnable: true,
  longPollingEnable: true,
  shortPollingTimeMills: 1_000,
  useServerSideResetOffset: true,
  slaveReadEnable: false,
  defaultQueryMaxNum: 32,
  storeReplyMessageEnable: true,
  accessMessageInMemoryMaxRatio: 40,
  physicalMemory: 8 * 1024 ** 3,
  enableMixedMessageType: false,
  validateSystemTopicWhenUpdateTopic: true,
  rejectPullConsumerEnable: false,
};

/** What a bench is made with. */
export interface BenchParts {
  readonly options?: Partial<BenchOptions>;
  /** Directory of the config files; default: a new one that goes with the bench. */
  readonly root?: string;
  readonly clock?: VirtualClock;
  readonly store?: MemoryMessageStore;
  readonly logger?: Logger;
}

/** All processors and state owners of a broker over a store in memory and a virtual clock; requests go through the real dispatcher. */
export class ProcessorBench {
  readonly options: BenchOptions;
  readonly clock: VirtualClock;
  readonly store: MemoryMessageStore;
  readonly state: BrokerState;
  readonly channels = new ClientChannels();
  readonly configuration = new Map<string, string>();
  readonly #dispatcher: RequestDispatcher;
  readonly #ownRoot: string | undefined;
  readonly #stop: () => Promise<void>;

  constructor(parts: BenchParts = {}) {
    if (parts.root === undefined) this.#ownRoot = mkdtempSync(join(tmpdir(), 'rmq-bench-'));
    this.options = { ...DEFAULTS, storePathRootDir: parts.root ?? (this.#ownRoot as string), ...parts.options };
    this.clock = parts.clock ?? new VirtualClock();
    this.store = parts.store ?? new MemoryMessageStore(this.clock);
    const { clock, store, options } = this;
    const files = new NodeFileSystem();
    const turns = new ImmediateTurnScheduler();
    const logger = parts.logger ?? silentLogger;
    this.state = createBrokerState(options, { store, connections: this.channels, files, clock, turns, logger });
    loadBrokerState(this.state);
    const random = { next: () => 0.5, int: (max: number) => Math.floor(max / 2), uuid: () => '00000000-0000-4000-8000-000000000000' };
    const processors = createProcessors({
      options,
      state: this.state,
      store,
      files,
      clock,
      random,
      logger,
      uniqueKeys: new UniqueKeyGenerator('10.0.0.1', 1, clock, random),
      storeHost: { ip: '10.0.0.1', port: 10911 },
      configuration: {
        text: () => [...this.configuration].map(([key, value]) => `${key}=${value}\n`).join(''),
        dataVersion: { counter: 1, timestamp: 2, stateVersion: 0 },
        update: (properties) => properties.forEach((value, key) => this.configuration.set(key, value)),
      },
    });
    this.#dispatcher = new RequestDispatcher(new ProcessorTable(processors), clock, logger);
    this.channels.onClosed((channel) => connectionClosed(this.state, channel.id));
    this.#stop = startBrokerState(this.state, store);
  }

  /** A new connection. */
  connect(remoteAddress?: string): FakeChannel {
    const channel = new FakeChannel(remoteAddress);
    this.channels.register(channel);
    return channel;
  }

  /** Sends a request and waits for its answer. */
  async ask<C extends Command>(channel: FakeChannel, command: C, header: RequestHeaderOf<C>, rest: Partial<RemotingCommand> = {}): Promise<OutgoingResponse> {
    const request = this.post(channel, command, header, rest);
    return (await eventually(`an answer to ${command.name}`, () => channel.replies.find((reply) => reply.request === request), 5_000, 1)).response;
  }

  /** Sends a request without waiting. */
  post<C extends Command>(channel: FakeChannel, command: C, header: RequestHeaderOf<C>, rest: Partial<RemotingCommand> = {}): RemotingCommand {
    const request = incoming(command.code, encodeHeader(command.request, header), rest);
    this.#dispatcher.handle(request, channel);
    return request;
  }

  /** The answer to a posted request, if there is one. */
  answerTo(channel: FakeChannel, request: RemotingCommand): OutgoingResponse | undefined {
    return channel.replies.find((reply) => reply.request === request)?.response;
  }

  /** Sends a message with SEND_MESSAGE_V2. */
  send(
    channel: FakeChannel,
    topic: string,
    body: string | Buffer,
    properties: Record<string, string> = {},
    header: Partial<RequestHeaderOf<typeof sendMessageV2>> = {},
    rest: Partial<RemotingCommand> = {},
  ): Promise<OutgoingResponse> {
    const full = {
      producerGroup: 'PG',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 0,
      sysFlag: 0,
      bornTimestamp: this.clock.now(),
      flag: 0,
      properties: encodeProperties(properties),
      reconsumeTimes: 0,
      batch: false,
      ...header,
    };
    return this.ask(channel, sendMessageV2, full, { body: Buffer.from(body), ...rest });
  }

  /** Registers a consumer with a heartbeat. */
  heartbeat(channel: FakeChannel, clientID: string, group: string, topics: Record<string, string>, consumer: Partial<ConsumerData> = {}): Promise<OutgoingResponse> {
    const subscriptionDataSet = Object.entries(topics).map(([topic, expression]) => buildSubscriptionData(topic, expression, 'TAG', 1));
    const data: ConsumerData = {
      groupName: group,
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET',
      subscriptionDataSet,
      unitMode: false,
      ...consumer,
    };
    const body = encodeHeartbeatData({ clientID, producerDataSet: [], consumerDataSet: [data], heartbeatFingerprint: 0, withoutSub: false });
    return this.ask(channel, heartBeat, {}, { body });
  }

  /** Header of a pull by a push consumer. */
  pullHeader(group: string, topic: string, queueOffset: number, rest: Partial<RequestHeaderOf<typeof pullMessage>> = {}): RequestHeaderOf<typeof pullMessage> {
    return {
      consumerGroup: group,
      topic,
      queueId: 0,
      queueOffset,
      maxMsgNums: 32,
      sysFlag: 2,
      commitOffset: 0,
      suspendTimeoutMillis: 15_000,
      subVersion: 1,
      expressionType: 'TAG',
      ...rest,
    };
  }

  /** Stops everything and writes what is unwritten; removes the directory when it is the bench's own. */
  async close(): Promise<void> {
    await this.#stop();
    this.dropFiles();
  }

  /** Leaves everything as a killed process would, but for the directory when it is the bench's own. */
  dropFiles(): void {
    if (this.#ownRoot !== undefined) rmSync(this.#ownRoot, { recursive: true, force: true });
  }
}

/** The body of an answer as one buffer. */
export function bodyOf(response: OutgoingResponse): Buffer {
  const { body } = response;
  if (body === undefined) return Buffer.alloc(0);
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.concat([...body]);
}

/** Rest of a one-way request. */
export const ONEWAY: Partial<RemotingCommand> = { flag: FLAG_ONEWAY };
