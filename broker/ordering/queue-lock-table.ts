import type { MessageQueue } from '../../lib/protocol/message/message.js';
import type { Clock } from '../../lib/runtime/clock.js';

/** How long a lock lives without renewal, ms. Apache: RebalanceLockManager.java. */
export const QUEUE_LOCK_LIFETIME_MS = 60_000;

interface Lock {
  clientId: string;
  renewedAt: number;
}

/**
 * Which client of a group may read a queue in order. Clients renew every 20 s; a lock nobody renews for 60 s is free for others.
 * The owner is the client id, not the connection: a client that reconnects keeps its locks. Apache: RebalanceLockManager.java.
 */
export class QueueLockTable {
  readonly #locks = new Map<string, Map<string, Lock>>();

  constructor(
    private readonly clock: Clock,
    private readonly lifetimeMs: number = QUEUE_LOCK_LIFETIME_MS,
  ) {}

  /** Locks or renews; returns the queues that `clientId` holds now. */
  lock(group: string, queues: readonly MessageQueue[], clientId: string): MessageQueue[] {
    let locks = this.#locks.get(group);
    if (locks === undefined) this.#locks.set(group, (locks = new Map()));
    const now = this.clock.now();
    return queues.filter((queue) => this.#tryLock(locks, keyOf(queue), clientId, now));
  }

  /** Gives back what `clientId` holds; queues held by others are left alone. */
  unlock(group: string, queues: readonly MessageQueue[], clientId: string): void {
    const locks = this.#locks.get(group);
    if (locks === undefined) return;
    for (const queue of queues) {
      const key = keyOf(queue);
      if (locks.get(key)?.clientId === clientId) locks.delete(key);
    }
    if (locks.size === 0) this.#locks.delete(group);
  }

  /** Whether a member of the group consumes in order at present. */
  isLocked(group: string): boolean {
    const locks = this.#locks.get(group);
    if (locks === undefined) return false;
    const now = this.clock.now();
    for (const lock of locks.values()) if (!this.#isExpired(lock, now)) return true;
    this.#locks.delete(group);
    return false;
  }

  #tryLock(locks: Map<string, Lock>, key: string, clientId: string, now: number): boolean {
    const lock = locks.get(key);
    if (lock === undefined) {
      locks.set(key, { clientId, renewedAt: now });
      return true;
    }
    if (lock.clientId !== clientId && !this.#isExpired(lock, now)) return false;
    lock.clientId = clientId;
    lock.renewedAt = now;
    return true;
  }

  #isExpired(lock: Lock, now: number): boolean {
    return now - lock.renewedAt > this.lifetimeMs;
  }
}

function keyOf(queue: MessageQueue): string {
  return `${queue.topic}@${queue.brokerName}@${queue.queueId}`;
}
