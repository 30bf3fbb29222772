import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { MessageArrival } from '../store/message-store.js';

/** Why a wait ended: a message that may match is there, the time is up, or the connection is gone. */
export type WaitOutcome = 'arrived' | 'timeout' | 'closed';

/** What a held pull waits for. */
export interface ArrivalWait {
  readonly topic: string;
  readonly queueId: number;
  /** Queue offset that was asked for; ends when the queue's max offset exceeds it. */
  readonly offset: number;
  /** Longest wait, ms. */
  readonly timeoutMs: number;
  /** Connection of the requester, see {@link ArrivalWaiters.connectionClosed}. */
  readonly connectionId: number;
  /** Test on the tag of an arriving message; absent: every message ends the wait. */
  readonly matchesTagsCode?: (tagsCode: number) => boolean;
}

/**
 * After this long a wait ends although only messages the filter refuses have come: the pull then reports how far it has read, so
 * that a consumer of rare tags does not fall behind its queue. Apache: PullRequestHoldService.java (its check every 5 s).
 */
const SKIPPED_ARRIVALS_WAIT_MS = 5_000;

class Waiter {
  timer: TimerHandle | undefined;
  skipped = false;

  constructor(
    readonly wait: ArrivalWait,
    readonly deadline: number,
    readonly settle: (outcome: WaitOutcome) => void,
  ) {}
}

/** Pulls that found nothing and wait for a message. One look-up per stored message, nothing while idle. */
export class ArrivalWaiters {
  readonly #byQueue = new Map<string, Map<number, Set<Waiter>>>();
  readonly #byConnection = new Map<number, Set<Waiter>>();
  #size = 0;

  constructor(
    private readonly clock: Clock,
    /** The queue's present max offset; asked once per wait, for messages that came while the pull was reading. */
    private readonly maxOffset: (topic: string, queueId: number) => number,
  ) {}

  /** Number of held pulls. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when there may be something to read. Never rejects. */
  waitFor(wait: ArrivalWait): Promise<WaitOutcome> {
    if (this.maxOffset(wait.topic, wait.queueId) > wait.offset) return Promise.resolve('arrived');
    return new Promise((settle) => {
      const waiter = new Waiter(wait, this.clock.now() + wait.timeoutMs, settle);
      waiter.timer = this.clock.schedule(wait.timeoutMs, () => this.#finish(waiter, 'timeout'));
      this.#add(waiter);
    });
  }

  /** To be called for every stored message, see `MessageStore.onMessageArrived`. */
  messageArrived(arrival: MessageArrival): void {
    if (this.#size === 0) return;
    const waiters = this.#byQueue.get(arrival.topic)?.get(arrival.queueId);
    if (waiters === undefined) return;
    for (const waiter of waiters) {
      if (arrival.nextQueueOffset <= waiter.wait.offset) continue;
      if (waiter.wait.matchesTagsCode?.(arrival.tagsCode) === false) this.#skip(waiter);
      else this.#finish(waiter, 'arrived');
    }
  }

  /** Ends the waits of a connection that is gone. */
  connectionClosed(connectionId: number): void {
    for (const waiter of [...(this.#byConnection.get(connectionId) ?? [])]) this.#finish(waiter, 'closed');
  }

  /** Ends the waits for a queue, so that its readers learn of something else than a message: an offset that was set for them. */
  release(topic: string, queueId: number): void {
    for (const waiter of [...(this.#byQueue.get(topic)?.get(queueId) ?? [])]) this.#finish(waiter, 'arrived');
  }

  /** Ends all waits as if their time were up, so that their pulls are answered. */
  releaseAll(): void {
    for (const waiters of [...this.#byConnection.values()]) {
      for (const waiter of [...waiters]) this.#finish(waiter, 'timeout');
    }
  }

  #skip(waiter: Waiter): void {
    if (waiter.skipped) return;
    waiter.skipped = true;
    const remaining = waiter.deadline - this.clock.now();
    if (remaining <= SKIPPED_ARRIVALS_WAIT_MS) return;
    waiter.timer?.cancel();
    waiter.timer = this.clock.schedule(SKIPPED_ARRIVALS_WAIT_MS, () => this.#finish(waiter, 'arrived'));
  }

  #add(waiter: Waiter): void {
    const { topic, queueId, connectionId } = waiter.wait;
    let queues = this.#byQueue.get(topic);
    if (queues === undefined) this.#byQueue.set(topic, (queues = new Map()));
    let waiters = queues.get(queueId);
    if (waiters === undefined) queues.set(queueId, (waiters = new Set()));
    waiters.add(waiter);
    let ofConnection = this.#byConnection.get(connectionId);
    if (ofConnection === undefined) this.#byConnection.set(connectionId, (ofConnection = new Set()));
    ofConnection.add(waiter);
    this.#size += 1;
  }

  #finish(waiter: Waiter, outcome: WaitOutcome): void {
    const { topic, queueId, connectionId } = waiter.wait;
    const queues = this.#byQueue.get(topic);
    const waiters = queues?.get(queueId);
    if (queues === undefined || waiters === undefined || !waiters.delete(waiter)) return;
    if (waiters.size === 0) queues.delete(queueId);
    if (queues.size === 0) this.#byQueue.delete(topic);
    const ofConnection = this.#byConnection.get(connectionId);
    ofConnection?.delete(waiter);
    if (ofConnection?.size === 0) this.#byConnection.delete(connectionId);
    this.#size -= 1;
    waiter.timer?.cancel();
    waiter.settle(outcome);
  }
}
