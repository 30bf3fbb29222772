import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PullConsumer } from '../../../../lib/client/consumer/pull-consumer.js';
import { PushConsumer } from '../../../../lib/client/consumer/push-consumer.js';
import { Producer } from '../../../../lib/client/producer/producer.js';
import type { ProducerOptions, PullConsumerOptions, PushConsumerOptions } from '../../../../lib/client/types.js';
import type { MessageExt } from '../../../../lib/protocol/message/message.js';
import { eventually } from '../../eventually.js';
import { RecordingLogger } from '../../recording-logger.js';

/** The cluster a suite talks to. */
export interface ClusterUnderTest {
  /** `host:port`. */
  readonly nameServer: string;
}

type Without<T> = Partial<Omit<T, 'nameServers'>>;

/** Makes clients of one cluster, each with names of its own, and shuts them all down. */
export class ClientScene {
  readonly logger = new RecordingLogger();
  readonly directory = mkdtempSync(join(tmpdir(), 'client-suite-'));
  readonly #cluster: ClusterUnderTest;
  readonly #open: { shutdown(): Promise<void> }[] = [];
  readonly #run = `${process.pid}_${Date.now().toString(36)}`;
  #names = 0;

  constructor(cluster: ClusterUnderTest) {
    this.#cluster = cluster;
  }

  /** A name nobody has used before. */
  name(kind: string): string {
    return `${kind}_${this.#run}_${this.#names++}`;
  }

  async producer(options: Without<ProducerOptions> = {}): Promise<Producer> {
    const producer = this.track(new Producer({ sendTimeoutMs: 10_000, ...this.#common(), group: this.name('PG'), ...options }));
    await producer.start();
    return producer;
  }

  /** A push consumer that begins with the first message; not started. */
  consumer(options: Without<PushConsumerOptions> = {}): PushConsumer {
    const defaults = { group: this.name('CG'), consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET', persistConsumerOffsetIntervalMs: 200 } as const;
    return this.track(new PushConsumer({ ...this.#common(), ...defaults, ...options }));
  }

  async pullConsumer(options: Without<PullConsumerOptions> = {}): Promise<PullConsumer> {
    const consumer = this.track(new PullConsumer({ ...this.#common(), group: this.name('PC'), ...options }));
    await consumer.start();
    return consumer;
  }

  /** Starts a consumer of one topic that keeps what it gets. */
  async collect(topic: string, options: Without<PushConsumerOptions> & { filter?: string } = {}): Promise<{ consumer: PushConsumer; messages: MessageExt[] }> {
    const { filter, ...rest } = options;
    const consumer = this.consumer(rest);
    const messages: MessageExt[] = [];
    consumer.subscribe(topic, filter);
    consumer.listenConcurrently((received) => void messages.push(...received));
    await consumer.start();
    return { consumer, messages };
  }

  /** A topic that exists, by a message sent to it. */
  async topic(producer: Producer, kind = 'T'): Promise<string> {
    const topic = this.name(kind);
    await producer.send({ topic, body: 'first' });
    return topic;
  }

  track<T extends { shutdown(): Promise<void> }>(client: T): T {
    this.#open.push(client);
    return client;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((client) => client.shutdown()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  #common(): { nameServers: string; logger: RecordingLogger } {
    return { nameServers: this.#cluster.nameServer, logger: this.logger };
  }
}

/** Bodies as text, sorted. */
export function bodiesOf(messages: readonly MessageExt[]): string[] {
  return messages.map((message) => message.body.toString()).sort();
}

/** Waits until so many messages are there, and then that no more come at once. */
export async function eventuallyHas(messages: readonly MessageExt[], count: number, timeoutMs = 60_000): Promise<void> {
  await eventually(`${count} messages`, () => (messages.length >= count ? true : (undefined as true | undefined)), timeoutMs);
}
