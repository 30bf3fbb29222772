import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';

import { PullConsumer } from '../../lib/client/consumer/pull-consumer.js';
import { Producer } from '../../lib/client/producer/producer.js';
import type { MessageExt, MessageQueue } from '../../lib/protocol/message/message.js';
import { eventually } from '../support/eventually.js';
import { spawnOurBroker, type SpawnedBroker } from '../support/our-broker.js';

const TOPIC = 'Killed';
const QUEUES = 4;
/** With connections of their own, so that the broker is answering some while it writes for others. */
const PRODUCERS = 3;
const SENDERS_PER_PRODUCER = 4;
const ROUNDS = 20;
/** Small files, so that kills also hit the moments at which a file is full and the next one begins. */
const SMALL_FILES = { mappedFileSizeCommitLog: 256 * 1024, mappedFileSizeConsumeQueue: 20 * 256, flushConsumerOffsetInterval: 200 };

/** Acknowledged messages after which a round's broker is killed: from the very first one to several hundred. */
function acknowledgedBeforeKill(round: number): number {
  return 1 + ((round * 97) % 400);
}

/**
 * Turns of the event loop from that acknowledgement to the kill. The broker answers what it wrote at once together; a kill
 * right then would always find it idle, one a little later finds it reading, writing or answering what came next.
 */
function turnsBeforeKill(round: number): number {
  return (round * 3) % 8;
}

/** A body that is like no other, of 50 to 3000 bytes, and that tells whether it was altered. */
function bodyOf(counter: number): string {
  const text = `${counter}|${'.'.repeat((counter * 131) % 2950)}`;
  return `${text}|${createHash('sha1').update(text).digest('hex')}`;
}

/** What clients were told, which the broker has to stand by whatever happens to it. */
class Promises {
  /** Bodies of acknowledged messages by `queueId/queueOffset`. */
  readonly #acknowledged = new Map<string, string>();
  /** By queue id: the offset acknowledged or seen stored, and the highest one ever asked for. */
  readonly #committed = new Map<number, { kept: number; asked: number }>();
  #counter = 0;

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** Sends messages one after another until `stopped`; a send that fails promised nothing. */
  async send(producer: Producer, stopped: AbortSignal, onAcknowledged: () => void): Promise<void> {
    while (!stopped.aborted) {
      const body = bodyOf(this.#counter++);
      const result = await unless(stopped, () => producer.send({ topic: TOPIC, body }));
      if (result === undefined) continue;
      const place = `${result.messageQueue.queueId}/${result.queueOffset}`;
      expect(this.#acknowledged.get(place), `two messages were acknowledged at ${place}`).toBeUndefined();
      this.#acknowledged.set(place, body);
      onAcknowledged();
    }
  }

  /** Reads a queue from the committed offset on and commits what it has read, until `stopped`. */
  async consume(consumer: PullConsumer, queue: MessageQueue, stopped: AbortSignal): Promise<void> {
    const state = this.#stateOf(queue);
    let next = state.kept;
    while (!stopped.aborted) {
      const pulled = await unless(stopped, () => consumer.pull(queue, next, { waitMs: 100 }));
      if (pulled === undefined || pulled.nextBeginOffset === next) continue;
      next = pulled.nextBeginOffset;
      state.asked = Math.max(state.asked, next);
      const done = await unless(stopped, () => consumer.commitOffset(queue, next).then(() => next));
      if (done !== undefined) state.kept = done;
    }
  }

  /** Every message of a queue, which must hold all acknowledged ones at their places and nothing that was never sent. */
  checkMessages(queue: MessageQueue, messages: readonly MessageExt[]): void {
    expect(messages.map(({ queueOffset }) => queueOffset)).toEqual(messages.map((_, index) => index));
    const found = messages.map(({ body }) => Buffer.from(body).toString());
    const foreign = found.filter((body) => Number.parseInt(body, 10) >= this.#counter || body !== bodyOf(Number.parseInt(body, 10)));
    expect(foreign, `altered or never sent, in queue ${queue.queueId}`).toEqual([]);
    const broken = [...this.#acknowledged]
      .map(([place, body]) => ({ place, body, queueId: Number(place.split('/')[0]), offset: Number(place.split('/')[1]) }))
      .filter(({ body, queueId, offset }) => queueId === queue.queueId && found[offset] !== body)
      .map(({ place, body, offset }) => ({ place, sent: body.slice(0, 20), found: found[offset]?.slice(0, 20) }));
    expect(broken, 'acknowledged, but not at its place').toEqual([]);
  }

  /** An offset the broker has after a restart: not behind what it acknowledged or had before, not beyond what was asked for. */
  checkCommitted(queue: MessageQueue, offset: number): void {
    const state = this.#stateOf(queue);
    const known = Math.max(0, offset);
    expect(known, `offset of queue ${queue.queueId} went backwards`).toBeGreaterThanOrEqual(state.kept);
    expect(known, `offset of queue ${queue.queueId} was never committed`).toBeLessThanOrEqual(state.asked);
    state.kept = known;
  }

  /** The smallest offset that any queue is known to have committed. */
  leastCommitted(): number {
    return Math.min(...[...this.#committed.values()].map(({ kept }) => kept));
  }

  #stateOf({ queueId }: MessageQueue): { kept: number; asked: number } {
    const state = this.#committed.get(queueId) ?? { kept: 0, asked: 0 };
    this.#committed.set(queueId, state);
    return state;
  }
}

/** The result, or `undefined` after a failure, which is expected of a broker that dies or has just come back. */
async function unless<T>(stopped: AbortSignal, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch {
    // The connection of before the kill is found dead by its first use; asking again at once would only burn the processor.
    if (!stopped.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    return undefined;
  }
}

async function killAfter(turns: number, broker: SpawnedBroker): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  await broker.kill();
}

/** All messages of a queue, from 0 to its max offset. */
async function readAll(consumer: PullConsumer, queue: MessageQueue): Promise<MessageExt[]> {
  const max = await consumer.maxOffset(queue);
  expect(await consumer.minOffset(queue)).toBe(0);
  const messages: MessageExt[] = [];
  while (messages.length < max) {
    const { status, messages: more } = await consumer.pull(queue, messages.length);
    expect(status, `pull of queue ${queue.queueId} at ${messages.length} of ${max}`).toBe('FOUND');
    messages.push(...more);
  }
  expect(messages.length).toBe(max);
  return messages;
}

/** What the load comes from; the same over all rounds. */
interface Clients {
  readonly producers: readonly Producer[];
  readonly consumer: PullConsumer;
}

describe('a broker killed under load, again and again', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let broker: SpawnedBroker | undefined;

  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
    await broker?.stop();
  });

  /** Puts load on the broker and kills it in the middle. */
  async function loadUntilKilled(running: SpawnedBroker, clients: Clients, promises: Promises, queues: readonly MessageQueue[], round: number) {
    const stop = new AbortController();
    const count = acknowledgedBeforeKill(round);
    let acknowledged = 0;
    let killed: Promise<void> | undefined;
    const onAcknowledged = (): void => {
      if (++acknowledged >= count) killed ??= killAfter(turnsBeforeKill(round), running).finally(() => stop.abort());
    };
    const senders = clients.producers.flatMap((producer) => Array.from({ length: SENDERS_PER_PRODUCER }, () => promises.send(producer, stop.signal, onAcknowledged)));
    const consumers = queues.map((queue) => promises.consume(clients.consumer, queue, stop.signal));
    const end = eventually(`${count} acknowledged messages and the broker's end`, () => stop.signal.aborted, 30_000).finally(() => stop.abort());
    await Promise.all([end, ...senders, ...consumers]);
    await killed;
  }

  async function check(consumer: PullConsumer, promises: Promises, queues: readonly MessageQueue[]): Promise<void> {
    for (const queue of queues) {
      promises.checkMessages(queue, await readAll(consumer, queue));
      promises.checkCommitted(queue, await consumer.committedOffset(queue));
    }
  }

  it(`has every acknowledged message at its place and every committed offset after each of ${ROUNDS} kills`, async () => {
    broker = await spawnOurBroker({ settings: SMALL_FILES });
    const promises = new Promises();
    const options = { nameServers: broker.nameServer, requestTimeoutMs: 2_000, pollNameServerIntervalMs: 1_000 };
    const producers = Array.from({ length: PRODUCERS }, () => new Producer({ ...options, group: 'P', sendTimeoutMs: 2_000, defaultTopicQueueNums: QUEUES }));
    const consumer = new PullConsumer({ ...options, group: 'C' });
    closers.push(...[...producers, consumer].map((client) => () => client.shutdown()));
    await Promise.all([...producers, consumer].map((client) => client.start()));
    // Creates the topic, outside the books.
    await producers[0]?.send({ topic: TOPIC, body: bodyOf(0) });
    const queues = await eventually('the queues', async () => {
      const known = await consumer.queuesOf(TOPIC);
      return known.length === QUEUES ? known : undefined;
    });
    for (let round = 0; round < ROUNDS; round++) {
      await loadUntilKilled(broker, { producers, consumer }, promises, queues, round);
      broker = await broker.restart();
      const restarted = broker;
      await eventually('an answer from the broker that came back', () => consumer.maxOffset(queues[0] as MessageQueue).then(() => restarted));
      await check(consumer, promises, queues);
    }
    const total = Array.from({ length: ROUNDS }, (_, round) => acknowledgedBeforeKill(round)).reduce((sum, count) => sum + count, 0);
    expect(promises.acknowledged).toBeGreaterThanOrEqual(total);
    expect(promises.leastCommitted()).toBeGreaterThan(0);
  }, 180_000);
});
