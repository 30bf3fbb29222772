import type { MessageQueue } from '../../protocol/message/message.js';
import type { Logger } from '../../runtime/logger.js';
import { queueKey } from '../message-queue.js';
import type { OffsetStore, QueueOffset } from './offset-store.js';
import { ProcessQueue } from './process-queue.js';
import type { FlowLimits } from './process-queue.js';

/** Which queues are locked, and how long that may be trusted. */
export interface LockOutcome {
  readonly held: ReadonlySet<string>;
  /** Both ms since the epoch. */
  readonly at: number;
  readonly until: number;
}

/** What happens to queues as they come and go. */
export interface AssignmentPorts {
  /** Where consumption of a queue starts. @throws when nobody can tell now */
  startingOffset(queue: MessageQueue): Promise<number>;
  /** Locks queues for orderly consumption and tells which of them are held until when; `undefined` for concurrent consumption. */
  readonly lock?: (queues: readonly MessageQueue[]) => Promise<LockOutcome>;
  readonly unlock?: (queue: MessageQueue) => Promise<void>;
  /** A queue is ours: start pulling. */
  onAdded(processQueue: ProcessQueue): void;
}

/** The queues this consumer holds. A queue is taken in and given up here, and nowhere else. */
export class QueueAssignment {
  readonly #store: OffsetStore;
  readonly #ports: AssignmentPorts;
  readonly #limits: FlowLimits;
  readonly #logger: Logger;
  readonly #held = new Map<string, ProcessQueue>();
  /** Queues given up whose listener calls have not ended; not taken in again before. */
  readonly #leaving = new Map<string, { readonly processQueue: ProcessQueue; readonly left: Promise<void> }>();
  /** Offsets as committed last, to leave out those that did not move. */
  readonly #committed = new Map<string, number>();

  constructor(store: OffsetStore, ports: AssignmentPorts, limits: FlowLimits, logger: Logger) {
    this.#store = store;
    this.#ports = ports;
    this.#limits = limits;
    this.#logger = logger;
  }

  /** Queues held now. */
  held(): readonly ProcessQueue[] {
    return [...this.#held.values()];
  }

  find(queue: MessageQueue): ProcessQueue | undefined {
    return this.#held.get(queueKey(queue));
  }

  /**
   * Makes the queues of one topic ours, and gives up all others of that topic.
   * @returns whether that is so now; if not, some queue could not be locked or located, and another try is due soon
   */
  async assign(topic: string, queues: readonly MessageQueue[]): Promise<boolean> {
    const wanted = new Set(queues.map(queueKey));
    const superfluous = [...this.#held].filter(([key, processQueue]) => processQueue.queue.topic === topic && !wanted.has(key));
    await this.#releaseAll(superfluous.map(([, processQueue]) => processQueue));
    const missing = queues.filter((queue) => !this.#held.has(queueKey(queue)));
    const ready = missing.filter((queue) => !this.#leaving.has(queueKey(queue)));
    if (ready.length === 0) return missing.length === 0;
    const lock = await this.#ports.lock?.(ready);
    const added = await Promise.all(ready.map((queue) => this.#add(queue, lock)));
    return ready.length === missing.length && added.every(Boolean);
  }

  /** Gives up every queue of topics that are not wanted. */
  async retainTopics(topics: ReadonlySet<string>): Promise<void> {
    const superfluous = this.held().filter(({ queue }) => !topics.has(queue.topic));
    await this.#releaseAll(superfluous);
  }

  /**
   * Gives a queue up: its offset is committed, its lock given back. With a lock that waits for the listener call under
   * way; without one the next owner has started already, and there is nothing to wait for.
   * @param goOnAt commit this offset instead of the one reached
   */
  async release(processQueue: ProcessQueue, goOnAt?: number): Promise<void> {
    const key = queueKey(processQueue.queue);
    if (this.#held.get(key) === processQueue) {
      processQueue.drop();
      this.#held.delete(key);
      this.#committed.delete(key);
      const left = this.#leave(processQueue, goOnAt).finally(() => this.#leaving.delete(key));
      this.#leaving.set(key, { processQueue, left });
    }
    await this.#leaving.get(key)?.left;
  }

  /**
   * Commits what was reached.
   * @param wait resolve only when the store has it; then unmoved offsets are committed too, for the last commit may have been lost
   */
  async commit(wait: boolean): Promise<void> {
    const moved: QueueOffset[] = [];
    for (const [key, processQueue] of this.#held) {
      const offset = processQueue.commitOffset;
      if (processQueue.lastPullAt === 0 || (!wait && this.#committed.get(key) === offset)) continue;
      this.#committed.set(key, offset);
      moved.push({ queue: processQueue.queue, offset });
    }
    if (moved.length > 0) await this.#store.commit(moved, wait);
  }

  /** Renews the locks of all queues held. */
  async renewLocks(): Promise<void> {
    const { lock } = this.#ports;
    const queues = [...this.held(), ...[...this.#leaving.values()].map(({ processQueue }) => processQueue)];
    if (lock === undefined || queues.length === 0) return;
    const outcome = await lock(queues.map(({ queue }) => queue));
    for (const processQueue of queues) noteLock(processQueue, outcome);
  }

  /** Tries once more to get or keep the lock of one queue. */
  async renewLockOf(processQueue: ProcessQueue): Promise<void> {
    const outcome = await this.#ports.lock?.([processQueue.queue]);
    if (outcome !== undefined) noteLock(processQueue, outcome);
  }

  /** Gives up everything. */
  async close(): Promise<void> {
    await this.commit(true);
    await Promise.all(this.held().map((processQueue) => this.#closeOne(processQueue)));
    this.#held.clear();
  }

  /** A slow listener on one queue must not keep the others from changing hands. */
  async #releaseAll(processQueues: readonly ProcessQueue[]): Promise<void> {
    const released = Promise.all(processQueues.map((processQueue) => this.release(processQueue)));
    if (this.#ports.unlock === undefined) await released;
  }

  async #closeOne(processQueue: ProcessQueue): Promise<void> {
    processQueue.drop();
    await this.#ports.unlock?.(processQueue.queue);
  }

  async #add(queue: MessageQueue, lock: LockOutcome | undefined): Promise<boolean> {
    const key = queueKey(queue);
    if (lock !== undefined && !lock.held.has(key)) return false;
    try {
      const processQueue = new ProcessQueue(queue, await this.#ports.startingOffset(queue), this.#limits);
      if (lock !== undefined) noteLock(processQueue, lock);
      this.#held.set(key, processQueue);
      this.#logger.info('a queue was taken in', { ...queue, offset: processQueue.nextOffset });
      this.#ports.onAdded(processQueue);
      return true;
    } catch (error) {
      this.#logger.warn('a queue cannot be consumed yet: where to start is unknown', { ...queue, error });
      return false;
    }
  }

  async #leave(processQueue: ProcessQueue, goOnAt: number | undefined): Promise<void> {
    const { queue } = processQueue;
    if (this.#ports.unlock !== undefined) await processQueue.waitUntilIdle();
    const offset = goOnAt ?? processQueue.commitOffset;
    if (goOnAt !== undefined || processQueue.lastPullAt > 0) await this.#store.commit([{ queue, offset }], true);
    await this.#ports.unlock?.(queue);
    this.#logger.info('a queue was given up', { ...queue, offset });
  }
}

function noteLock(processQueue: ProcessQueue, outcome: LockOutcome): void {
  if (!outcome.held.has(queueKey(processQueue.queue))) return;
  processQueue.lockedAt = outcome.at;
  processQueue.lockedUntil = outcome.until;
}
