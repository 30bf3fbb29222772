import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';
import type { QueueData } from '../../lib/protocol/body/topic-route-data.js';
import { PERM_READ, PERM_WRITE } from '../../lib/protocol/perm.js';

/** Which broker names hold queues of which topics. */
export class TopicQueues {
  readonly #topics = new Map<string, Map<string, QueueData>>();

  /** Names of all topics. */
  names(): string[] {
    return [...this.#topics.keys()];
  }

  /** Names of the topics for which the queue data of their first broker passes `test`. */
  namesWhere(test: (queues: QueueData) => boolean): string[] {
    const names: string[] = [];
    for (const [topic, byBroker] of this.#topics) {
      const first = byBroker.values().next();
      if (!first.done && test(first.value)) names.push(topic);
    }
    return names;
  }

  /** Names of the topics a broker name has queues of. */
  topicsOfBroker(brokerName: string): string[] {
    const names: string[] = [];
    for (const [topic, byBroker] of this.#topics) if (byBroker.has(brokerName)) names.push(topic);
    return names;
  }

  /** Queue data of a topic by broker name; `undefined` for an unknown topic. */
  ofTopic(topic: string): ReadonlyMap<string, QueueData> | undefined {
    return this.#topics.get(topic);
  }

  /** Sets the queues one broker name has of a topic; says whether anything changed. */
  set(topic: string, queues: QueueData): boolean {
    let byBroker = this.#topics.get(topic);
    if (byBroker === undefined) this.#topics.set(topic, (byBroker = new Map()));
    const before = byBroker.get(queues.brokerName);
    if (before !== undefined && sameQueues(before, queues)) return false;
    byBroker.set(queues.brokerName, { ...queues });
    return true;
  }

  /** Removes the queues of one broker name; a topic without queues is gone. */
  remove(topic: string, brokerName: string): void {
    const byBroker = this.#topics.get(topic);
    if (byBroker === undefined) return;
    byBroker.delete(brokerName);
    if (byBroker.size === 0) this.#topics.delete(topic);
  }

  /** Removes a topic everywhere. */
  removeTopic(topic: string): void {
    this.#topics.delete(topic);
  }

  /** Takes the write permission of every topic from a broker name. @returns how many topics it has */
  wipeWritePermission(brokerName: string): number {
    return this.#changePermissions(brokerName, (perm) => perm & ~PERM_WRITE);
  }

  /** Gives read and write permission, and nothing else, on every topic of a broker name. @returns how many topics it has */
  addWritePermission(brokerName: string): number {
    return this.#changePermissions(brokerName, () => PERM_READ | PERM_WRITE);
  }

  #changePermissions(brokerName: string, change: (perm: number) => number): number {
    let count = 0;
    for (const byBroker of this.#topics.values()) {
      const queues = byBroker.get(brokerName);
      if (queues === undefined) continue;
      byBroker.set(brokerName, { ...queues, perm: change(queues.perm) });
      count += 1;
    }
    return count;
  }
}

/** The queues a topic's configuration gives its broker. */
export function queueDataOf(brokerName: string, config: TopicConfig, perm: number = config.perm): QueueData {
  return {
    brokerName,
    readQueueNums: config.readQueueNums,
    writeQueueNums: config.writeQueueNums,
    perm,
    topicSysFlag: config.topicSysFlag,
  };
}

function sameQueues(a: QueueData, b: QueueData): boolean {
  return a.readQueueNums === b.readQueueNums && a.writeQueueNums === b.writeQueueNums && a.perm === b.perm && a.topicSysFlag === b.topicSysFlag;
}
