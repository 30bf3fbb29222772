import { eventually } from '../../eventually.js';
import type { JavaPeer } from '../../apache/java-peer.js';
import type { PeerConsumerArgs, PeerProducerArgs, PeerReceivedMessage, PeerSendResult } from '../../apache/peer-protocol.js';

/** The broker a suite runs against. */
export interface BrokerUnderTest {
  /** Address list as Java clients take it: `host:port`, separated by `;`. */
  readonly nameServer: string;
  /** Makes a topic; default: through the Java admin client. Resolves when the NameServer knows it. */
  createTopic?(topic: string, queues: number): Promise<void>;
}

/** Registers the scenarios of one area. The scene exists only while tests run. */
export type Scenarios = (scene: () => Scene) => void;

let counter = 0;

/** What scenarios share: a Java peer, a broker, names nobody else uses. */
export class Scene {
  readonly peer: JavaPeer;
  readonly nameServer: string;
  readonly #broker: BrokerUnderTest;

  constructor(peer: JavaPeer, broker: BrokerUnderTest) {
    this.peer = peer;
    this.#broker = broker;
    this.nameServer = broker.nameServer;
  }

  /** A name that no other scenario has, also not one of another run against the same broker. */
  name(prefix: string): string {
    counter += 1;
    return `${prefix}-${Date.now().toString(36)}-${counter}`;
  }

  /** A topic of its own. */
  async topic(queues = 4, prefix = 'topic'): Promise<string> {
    const topic = this.name(prefix);
    if (this.#broker.createTopic) await this.#broker.createTopic(topic, queues);
    else await this.peer.call('admin.createTopic', { nameServer: this.nameServer, topic, queues });
    await eventually(`route of ${topic}`, () => this.peer.call('admin.route', { nameServer: this.nameServer, topic }));
    return topic;
  }

  /** Starts a producer under a name of its own and returns the name. */
  async producer(args: Partial<PeerProducerArgs> = {}): Promise<string> {
    const name = this.name('producer');
    await this.peer.call('producer.start', { name, nameServer: this.nameServer, group: name, ...args });
    return name;
  }

  /** Starts a push consumer under a name of its own and returns the name. */
  async consumer(args: Pick<PeerConsumerArgs, 'group' | 'subscriptions'> & Partial<PeerConsumerArgs>): Promise<string> {
    const name = args.name ?? this.name('consumer');
    await this.peer.call('consumer.start', { nameServer: this.nameServer, from: 'FIRST_OFFSET', ...args, name });
    return name;
  }

  /** Sends texts one after the other; with `queueId` all to one queue. */
  async sendAll(producer: string, topic: string, bodies: readonly string[], more: { readonly tags?: string; readonly shardingKey?: string } = {}): Promise<PeerSendResult[]> {
    const results: PeerSendResult[] = [];
    for (const body of bodies) {
      results.push(await this.peer.call('producer.send', { name: producer, message: { topic, body, tags: more.tags }, shardingKey: more.shardingKey }));
    }
    return results;
  }

  /** Address and name of the only (or first) master, as the cluster information has it. */
  async master(): Promise<{ brokerName: string; brokerAddress: string }> {
    const info = (await this.peer.call('admin.clusterInfo', { nameServer: this.nameServer })) as { brokerAddrTable: Record<string, { brokerAddrs: Record<string, string> }> };
    const [entry] = Object.entries(info.brokerAddrTable);
    if (entry === undefined) throw new Error(`no broker is registered at ${this.nameServer}`);
    return { brokerName: entry[0], brokerAddress: entry[1].brokerAddrs['0'] };
  }

  async close(): Promise<void> {
    await this.peer.close();
  }
}

/** `prefix-0` … `prefix-(count-1)`. */
export function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

export function bodiesOf(messages: readonly PeerReceivedMessage[]): string[] {
  return messages.map((message) => message.body);
}
