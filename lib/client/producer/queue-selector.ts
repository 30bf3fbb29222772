import { javaHashCode } from '../../protocol/message/tags-code.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { Random } from '../../runtime/random.js';
import type { FaultTracker } from './fault-tracker.js';

/** Takes a topic's queues in turn, from a random one on; leaves out a broker that just failed and those under suspicion. */
export class RoundRobin {
  readonly #random: Random;
  readonly #faults: FaultTracker;
  readonly #next = new Map<string, number>();

  constructor(random: Random, faults: FaultTracker) {
    this.#random = random;
    this.#faults = faults;
  }

  /** @param avoid name of the broker that failed in this send; used all the same when there is no other */
  pick(topic: string, queues: readonly MessageQueue[], avoid: string | undefined): MessageQueue {
    const start = this.#next.get(topic) ?? this.#random.int(0x7fff_ffff);
    const count = queues.length;
    let fallback: MessageQueue | undefined;
    for (let i = 0; i < count; i++) {
      const queue = queues[(start + i) % count];
      if (queue.brokerName === avoid) continue;
      if (this.#faults.isAvailable(queue.brokerName)) {
        this.#next.set(topic, start + i + 1);
        return queue;
      }
      fallback ??= queue;
    }
    this.#next.set(topic, start + 1);
    return fallback ?? queues[start % count];
  }
}

/** The same queue for the same sharding key as long as the topic has the same queues; by Java's hash, so that Java producers choose alike. */
export function queueOfShardingKey(shardingKey: string, queues: readonly MessageQueue[]): MessageQueue {
  return queues[Math.abs(javaHashCode(shardingKey)) % queues.length];
}
