import type { PendingAppend } from '../commit-log/pending-append.js';
import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { QueueWriter } from '../consume-queue/queue-writer.js';
import type { MessageArrival } from '../message-store.js';

/** Makes stored messages visible: lists them in their queue, then tells whoever waits for messages. */
export class Publisher {
  /** Store time of the newest published message, ms; 0 before the first. */
  lastStoreTimestamp = 0;

  constructor(
    private readonly queueWriter: QueueWriter,
    private readonly listeners: ReadonlyArray<(arrival: MessageArrival) => void>,
  ) {}

  publish(append: PendingAppend): void {
    this.lastStoreTimestamp = append.storeTimestamp;
    const { queue, batch } = append;
    if (!queue) return;
    if (batch === undefined) {
      this.queueWriter.append(queue, append.start, append.end - append.start, append.tagsCode);
      if (this.listeners.length > 0) this.#tell(queue, append.tagsCode, append.storeTimestamp);
      return;
    }
    for (const record of batch) {
      this.queueWriter.append(queue, record.physicalOffset, record.size, record.tagsCode);
      if (this.listeners.length > 0) this.#tell(queue, record.tagsCode, append.storeTimestamp);
    }
  }

  #tell(queue: ConsumeQueue, tagsCode: number, storeTimestamp: number): void {
    const arrival = { topic: queue.topic, queueId: queue.queueId, nextQueueOffset: queue.maxOffset, tagsCode, storeTimestamp };
    for (const listener of this.listeners) listener(arrival);
  }
}
