import { RocketMqError } from '../errors/rocketmq-error.js';
import type { HeartbeatData } from '../protocol/body/heartbeat-data.js';
import { unregisterClient } from '../protocol/commands/client/unregister-client.command.js';
import { UniqueKeyGenerator } from '../protocol/message/message-id.js';
import { RemotingClient } from '../remoting/remoting-client.js';
import type { Logger } from '../runtime/logger.js';
import { BrokerRequestDispatcher } from './broker-requests/broker-request-dispatcher.js';
import { resolveClientOptions } from './client-options.js';
import type { ResolvedClientOptions } from './client-options.js';
import { systemRuntime } from './client-runtime.js';
import type { ClientRuntime } from './client-runtime.js';
import type { ConsumerMember, ProducerMember } from './group-members.js';
import { Namespace } from './namespace.js';
import { ReplyTable } from './producer/reply-table.js';
import { HeartbeatSender } from './route/heartbeat-sender.js';
import { NameServerClient } from './route/name-server-client.js';
import { TopicRouteTable } from './route/topic-route-table.js';
import type { ClientOptions } from './types.js';

/**
 * What producers and consumers of one client id have in common: connections, routes, heartbeats. A producer or consumer
 * makes its own, or several share one (then whoever made it shuts it down, after them).
 */
export class RocketClient {
  readonly runtime: ClientRuntime;
  readonly options: ResolvedClientOptions;
  readonly logger: Logger;
  readonly remoting: RemotingClient;
  readonly nameServer: NameServerClient;
  readonly routes: TopicRouteTable;
  readonly namespace: Namespace;
  readonly replies: ReplyTable;
  readonly uniqueKeys: UniqueKeyGenerator;
  readonly #heartbeats: HeartbeatSender;
  readonly #producers = new Map<string, ProducerMember>();
  readonly #consumers = new Map<string, ConsumerMember>();
  #state: 'created' | 'started' | 'closed' = 'created';

  /** @throws RocketMqError `OPTION_INVALID` */
  constructor(options: ClientOptions, runtime: ClientRuntime = systemRuntime()) {
    const resolved = resolveClientOptions(options, runtime);
    const { clock, random } = runtime;
    this.runtime = runtime;
    this.options = resolved;
    this.logger = resolved.logger;
    this.namespace = new Namespace(resolved.namespace);
    this.replies = new ReplyTable(clock);
    this.uniqueKeys = new UniqueKeyGenerator(runtime.localIp, runtime.processId, clock, random);
    const dispatcher = new BrokerRequestDispatcher(
      { producer: (group) => this.#producers.get(group), consumer: (group) => this.#consumers.get(group) },
      this.replies,
      clock,
      resolved.logger,
    );
    this.remoting = new RemotingClient(
      {
        requestTimeoutMs: resolved.requestTimeoutMs,
        credentials: resolved.credentials,
        onRequest: (request, channel) => dispatcher.dispatch(request, channel),
        onConnected: (address) => this.#greet(address),
      },
      clock,
      resolved.logger,
      runtime.network,
    );
    this.nameServer = new NameServerClient(this.remoting, resolved.nameServers, random, resolved.requestTimeoutMs);
    this.routes = new TopicRouteTable(this.nameServer, clock, resolved.logger, resolved.pollNameServerIntervalMs);
    const time = { clock, periodMs: resolved.heartbeatIntervalMs };
    this.#heartbeats = new HeartbeatSender(this.remoting, this.routes.brokers, () => this.#heartbeatData(), time, resolved.logger);
  }

  /** Id that brokers know this client by. */
  get clientId(): string {
    return this.options.clientId;
  }

  /** Starts heartbeats and the refresh of routes; harmless when started. @throws RocketMqError `CLIENT_CLOSED` */
  start(): void {
    if (this.#state === 'closed') throw new RocketMqError('CLIENT_CLOSED', 'this client is shut down; create another one');
    if (this.#state === 'started') return;
    this.#state = 'started';
    this.routes.start(() => this.#wantedTopics());
    this.routes.onChanged(() => this.#rebalanceSoon());
    this.#heartbeats.start();
  }

  /**
   * Takes a producer in.
   * @throws RocketMqError `OPTION_INVALID` when the group has one here already, `CLIENT_CLOSED`
   */
  addProducer(producer: ProducerMember): void {
    this.#add(this.#producers, 'producer', producer);
  }

  /**
   * Takes a consumer in.
   * @throws RocketMqError `OPTION_INVALID` when the group has one here already, `CLIENT_CLOSED`
   */
  addConsumer(consumer: ConsumerMember): void {
    this.#add(this.#consumers, 'consumer', consumer);
  }

  /** Tells all brokers about groups and subscriptions now; resolves when they have answered or failed. */
  heartbeatNow(): Promise<void> {
    return this.#heartbeats.beatAll();
  }

  /** Forgets a producer and tells the brokers. */
  async removeProducer(producer: ProducerMember): Promise<void> {
    if (this.#producers.get(producer.group) !== producer) return;
    this.#producers.delete(producer.group);
    await this.#unregister({ producerGroup: producer.group });
  }

  /** Forgets a consumer and tells the brokers, which then share its queues out among the others. */
  async removeConsumer(consumer: ConsumerMember): Promise<void> {
    if (this.#consumers.get(consumer.group) !== consumer) return;
    this.#consumers.delete(consumer.group);
    await this.#unregister({ consumerGroup: consumer.group });
  }

  /** Stops everything and closes the connections. Producers and consumers are to be shut down before. May be called twice. */
  async shutdown(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#heartbeats.stop();
    this.routes.stop();
    this.replies.close();
    await this.remoting.close();
  }

  #add<T extends { readonly group: string }>(members: Map<string, T>, kind: string, member: T): void {
    if (members.has(member.group)) {
      throw new RocketMqError('OPTION_INVALID', `the client ${this.clientId} has a ${kind} of the group "${member.group}" already; use one of another group, or another client`, {
        details: { group: member.group },
      });
    }
    this.start();
    members.set(member.group, member);
  }

  /** On a new connection the broker knows nothing of us, and would refuse a pull: so the heartbeat comes first. */
  async #greet(address: string): Promise<void> {
    const broker = this.routes.brokers.at(address);
    if (broker !== undefined) await this.#heartbeats.beat(broker);
  }

  async #unregister(group: { producerGroup?: string; consumerGroup?: string }): Promise<void> {
    const connected = new Set(this.remoting.connectedAddresses());
    const brokers = this.routes.brokers.all().filter((broker) => connected.has(broker.address));
    await Promise.all(
      brokers.map(async ({ address }) => {
        try {
          await this.remoting.invokeCommand(unregisterClient, address, { clientID: this.clientId, ...group });
        } catch (error) {
          this.logger.warn('a broker could not be told that we leave; it will notice', { address, ...group, error });
        }
      }),
    );
  }

  #heartbeatData(): HeartbeatData {
    return {
      clientID: this.clientId,
      producerDataSet: [...this.#producers.keys()].map((groupName) => ({ groupName })),
      consumerDataSet: [...this.#consumers.values()].map((consumer) => consumer.consumerData()),
      heartbeatFingerprint: 0,
      withoutSub: false,
    };
  }

  #wantedTopics(): Set<string> {
    const topics = new Set<string>();
    for (const consumer of this.#consumers.values()) {
      for (const topic of consumer.topics()) topics.add(topic);
    }
    return topics;
  }

  #rebalanceSoon(): void {
    for (const consumer of this.#consumers.values()) consumer.rebalanceSoon();
  }
}
