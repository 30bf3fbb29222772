import { ConsumeQueue } from './consume-queue.js';
import type { QueueFiles } from './queue-files.js';

/** All consume queues of the store by topic and id. Holds the objects; the files are {@link QueueFiles}'. */
export class QueueTable {
  readonly #topics = new Map<string, Map<number, ConsumeQueue>>();
  #size = 0;

  constructor(private readonly files: QueueFiles) {}

  get size(): number {
    return this.#size;
  }

  get(topic: string, queueId: number): ConsumeQueue | undefined {
    return this.#topics.get(topic)?.get(queueId);
  }

  getOrCreate(topic: string, queueId: number): ConsumeQueue {
    let queues = this.#topics.get(topic);
    if (!queues) this.#topics.set(topic, (queues = new Map()));
    let queue = queues.get(queueId);
    if (!queue) {
      queues.set(queueId, (queue = new ConsumeQueue(topic, queueId, { start: 0, end: 0 })));
      this.#size += 1;
    }
    return queue;
  }

  *[Symbol.iterator](): IterableIterator<ConsumeQueue> {
    for (const queues of this.#topics.values()) yield* queues.values();
  }

  /** Forgets a queue and removes its files. */
  remove(queue: ConsumeQueue): void {
    const queues = this.#topics.get(queue.topic);
    if (!queues?.delete(queue.queueId)) return;
    queue.removed = true;
    this.#size -= 1;
    if (queues.size === 0) this.#topics.delete(queue.topic);
    this.files.removeQueue(queue.topic, queue.queueId, queue.span);
  }

  /** Forgets a topic's queues and removes their files; returns the queues. */
  removeTopic(topic: string): ConsumeQueue[] {
    const queues = [...(this.#topics.get(topic)?.values() ?? [])];
    for (const queue of queues) this.remove(queue);
    this.files.removeTopic(topic);
    return queues;
  }

  /** Forgets everything and removes all files. */
  removeAll(): void {
    for (const queue of this) queue.removed = true;
    this.#topics.clear();
    this.#size = 0;
    this.files.removeAll();
  }
}
