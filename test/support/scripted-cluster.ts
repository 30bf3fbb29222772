import { RocketClient } from '../../lib/client/rocket-client.js';
import type { ClientRuntime } from '../../lib/client/client-runtime.js';
import type { ClientOptions } from '../../lib/client/types.js';
import { encodeConsumerList } from '../../lib/protocol/body/consumer-list.js';
import { decodeHeartbeatData } from '../../lib/protocol/body/heartbeat-data.js';
import { decodeLockBatchRequest, encodeLockBatchResponse } from '../../lib/protocol/body/lock-batch.js';
import { encodeTopicRouteData } from '../../lib/protocol/body/topic-route-data.js';
import type { BrokerData, QueueData } from '../../lib/protocol/body/topic-route-data.js';
import { encodeRecordInto, recordSizeOf } from '../../lib/protocol/message/stored-message-codec.js';
import type { RemotingCommand } from '../../lib/protocol/remoting-command.js';
import { RequestCode } from '../../lib/protocol/request-code.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';
import type { OutgoingResponse, RemotingChannel } from '../../lib/remoting/remoting-channel.js';
import { RemotingServer } from '../../lib/remoting/remoting-server.js';
import { NodeFileSystem } from '../../lib/runtime/node-file-system.js';
import { MemoryNetwork } from './memory-network.js';
import { RecordingLogger } from './recording-logger.js';
import { VirtualClock } from './virtual-clock.js';

/** A request as a scripted server got it. */
export interface Received {
  /** Name of the server: `ns`, `ns2`, `broker-a`, … */
  readonly server: string;
  readonly code: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly request: RemotingCommand;
}

type Script = (received: Received, channel: RemotingChannel) => OutgoingResponse | undefined | Promise<OutgoingResponse | undefined>;

/** `undefined` from a script: no answer, ever. */
export const SILENCE = undefined;

const OK: OutgoingResponse = { code: ResponseCode.SUCCESS };

/** NameServers and brokers that answer as told, in memory, on a virtual clock. Without a script they answer as if all were well and empty. */
export class ScriptedCluster {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork();
  readonly logger = new RecordingLogger();
  readonly received: Received[] = [];
  readonly #scripts = new Map<string, Script>();
  readonly #servers = new Map<string, RemotingServer>();
  readonly #ports = new Map<string, number>();
  readonly #routes = new Map<string, { queues: QueueData[]; brokers: BrokerData[] }>();
  readonly #clients: RocketClient[] = [];

  /** Starts a server; a name that ran before gets its old address. */
  async start(name: string): Promise<string> {
    const options = { host: '127.0.0.1', port: this.#ports.get(name) ?? 0 };
    const server = new RemotingServer(options, (request, channel) => void this.#serve(name, request, channel), this.clock, this.logger, {}, this.network);
    const { port } = await server.listen();
    this.#ports.set(name, port);
    this.#servers.set(name, server);
    return this.address(name);
  }

  async stop(name: string): Promise<void> {
    await this.#servers.get(name)?.close();
    this.#servers.delete(name);
  }

  address(name: string): string {
    return `127.0.0.1:${this.#ports.get(name) ?? 1}`;
  }

  /** Connections a server has. */
  channels(name: string): readonly RemotingChannel[] {
    return this.#servers.get(name)?.channels() ?? [];
  }

  /** Gives a topic `queues` queues on each of the brokers; a broker is its name, or `name:id` for slaves. */
  route(topic: string, brokers: readonly string[], queues = 1): void {
    const data = new Map<string, BrokerData>();
    for (const broker of brokers) {
      const [brokerName, id = '0'] = broker.split(':');
      const existing = data.get(brokerName)?.brokerAddrs ?? {};
      data.set(brokerName, { cluster: 'C', brokerName, brokerAddrs: { ...existing, [Number(id)]: this.address(broker) }, enableActingMaster: false });
    }
    const queueDatas = [...data.keys()].map((brokerName) => ({ brokerName, readQueueNums: queues, writeQueueNums: queues, perm: 6, topicSysFlag: 0 }));
    this.#routes.set(topic, { queues: queueDatas, brokers: [...data.values()] });
  }

  /** Says how a request code is answered, by all servers or by one. */
  on(code: number, script: Script, server = '*'): void {
    this.#scripts.set(`${server}/${code}`, script);
  }

  /** Requests of one code, of one server or all. */
  requests(code: number, server?: string): Received[] {
    return this.received.filter((entry) => entry.code === code && (server === undefined || entry.server === server));
  }

  runtime(): ClientRuntime {
    let seed = 0;
    const random = { next: () => 0.5, int: (max: number) => seed++ % max, uuid: () => `uuid-${seed++}` };
    return { clock: this.clock, random, network: this.network, fileSystem: new NodeFileSystem(), localIp: '10.0.0.1', processId: 77, homeDirectory: '/nowhere' };
  }

  /** A client of the scripted NameServers. */
  client(options: Partial<ClientOptions> = {}): RocketClient {
    const client = new RocketClient({ nameServers: this.address('ns'), instanceName: 'me', logger: this.logger, ...options }, this.runtime());
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.shutdown()));
    await Promise.all([...this.#servers.keys()].map((name) => this.stop(name)));
  }

  async #serve(server: string, request: RemotingCommand, channel: RemotingChannel): Promise<void> {
    const received: Received = { server, code: request.code, fields: request.extFields, request };
    this.received.push(received);
    const script = this.#scripts.get(`${server}/${request.code}`) ?? this.#scripts.get(`*/${request.code}`);
    const answer = await (script === undefined ? this.#ordinary(received) : script(received, channel));
    if (answer !== undefined) channel.reply(request, answer);
  }

  #ordinary({ code, fields, request }: Received): OutgoingResponse | undefined {
    switch (code) {
      case RequestCode.GET_ROUTEINFO_BY_TOPIC:
        return this.#routeAnswer(fields.topic);
      case RequestCode.SEND_MESSAGE_V2:
      case RequestCode.SEND_BATCH_MESSAGE:
        return { code: 0, extFields: { msgId: '0A00000100002A9F0000000000000000', queueId: fields.e, queueOffset: '7', MSG_REGION: 'DefaultRegion' } };
      case RequestCode.GET_CONSUMER_LIST_BY_GROUP:
        return { code: 0, body: encodeConsumerList({ consumerIdList: ['10.0.0.1@me'] }) };
      case RequestCode.QUERY_CONSUMER_OFFSET:
        return { code: ResponseCode.QUERY_NOT_FOUND };
      case RequestCode.GET_MAX_OFFSET:
      case RequestCode.GET_MIN_OFFSET:
      case RequestCode.SEARCH_OFFSET_BY_TIMESTAMP:
        return { code: 0, extFields: { offset: '0' } };
      case RequestCode.LOCK_BATCH_MQ:
        return { code: 0, body: encodeLockBatchResponse({ lockOKMQSet: decodeLockBatchRequest(request.body).mqSet }) };
      case RequestCode.PULL_MESSAGE:
        return SILENCE;
      default:
        return OK;
    }
  }

  #routeAnswer(topic: string): OutgoingResponse {
    const route = this.#routes.get(topic);
    if (route === undefined) return { code: ResponseCode.TOPIC_NOT_EXIST, remark: `no route for ${topic}` };
    return { code: 0, body: encodeTopicRouteData({ queueDatas: route.queues, brokerDatas: route.brokers, filterServerTable: {} }) };
  }
}

/** The subscription versions of a heartbeat, for comparison with those of pulls. */
export function subscriptionVersions(heartbeat: Received): Record<string, number> {
  const { consumerDataSet } = decodeHeartbeatData(heartbeat.request.body);
  return Object.fromEntries(consumerDataSet.flatMap(({ subscriptionDataSet }) => subscriptionDataSet.map(({ topic, subVersion }) => [topic, subVersion])));
}

/** Answer to a pull; messages are given by offset, with more of their fields where they matter. */
export function pullAnswer(code: number, next: number, messages: readonly { offset: number; topic?: string; properties?: string; reconsumeTimes?: number }[] = []): OutgoingResponse {
  const extFields = { suggestWhichBrokerId: '0', nextBeginOffset: String(next), minOffset: '0', maxOffset: '1000' };
  return { code, extFields, body: Buffer.concat(messages.map(recordOf)) };
}

function recordOf(message: { offset: number; topic?: string; properties?: string; reconsumeTimes?: number }): Buffer {
  const host = { ip: '10.0.0.9', port: 10911 };
  const record = {
    topic: message.topic ?? 'T',
    queueId: 0,
    flag: 0,
    queueOffset: message.offset,
    physicalOffset: message.offset * 100,
    sysFlag: 0,
    bornTimestamp: 1,
    bornHost: host,
    storeTimestamp: 2,
    storeHost: host,
    reconsumeTimes: message.reconsumeTimes ?? 0,
    preparedTransactionOffset: 0,
    body: Buffer.from(`m${message.offset}`),
    properties: message.properties ?? '',
  };
  const buffer = Buffer.alloc(recordSizeOf(record));
  encodeRecordInto(buffer, 0, record);
  return buffer;
}
