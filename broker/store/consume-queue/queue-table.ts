import { ConsumeQueue } from './consume-queue.js';
import type { QueueFiles } from './queue-files.js';

/** All consume queues of the store by topic and id. Holds the objects; the files are {@link QueueFiles}'. */
export class QueueTable {
  readonly #topics = new Map<string, Map<number, ConsumeQueue>>();
  #size = 0;

  constructor(
    private readonly files: QueueFiles,
    /** Finds out from its files where a queue stands. */
    private readonly load: (queue: ConsumeQueue) => void,
  ) {}

  get size(): number {
    return this.#size;
  }

  get(topic: string, queueId: number): ConsumeQueue | undefined {
    const queue = this.#topics.get(topic)?.get(queueId);
    if (queue !== undefined && !queue.isLoaded) this.load(queue);
    return queue;
  }

  /** Notes that there is such a queue in the files; they are looked at when it is first asked for. */
  register(topic: string, queueId: number): void {
    this.#add(topic, queueId).isLoaded = false;
  }

  getOrCreate(topic: string, queueId: number): ConsumeQueue {
    return this.get(topic, queueId) ?? this.#add(topic, queueId);
  }

  /** All queues, as they are: some may not be loaded yet. */
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
    const queues = Array.from(this.#topics.get(topic)?.values() ?? []);
    for (const queue of queues) this.remove(queue);
    this.files.removeTopic(topic);
    return queues;
  }

  /** Loads the queues that are not loaded yet. */
  loadAll(): void {
    for (const queue of this) if (!queue.isLoaded) this.load(queue);
  }

  /** Forgets everything and removes all files. */
  removeAll(): void {
    for (const queue of this) queue.removed = true;
    this.#topics.clear();
    this.#size = 0;
    this.files.removeAll();
  }

  #add(topic: string, queueId: number): ConsumeQueue {
    let queues = this.#topics.get(topic);
    if (!queues) this.#topics.set(topic, (queues = new Map()));
    const queue = new ConsumeQueue(topic, queueId, { start: 0, end: 0 });
    queues.set(queueId, queue);
    this.#size += 1;
    return queue;
  }
}
