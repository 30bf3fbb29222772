import { TRANSACTION_COMMIT_TYPE, TRANSACTION_NOT_TYPE, transactionTypeOf } from '../../../lib/protocol/message/message-sys-flag.js';
import { propertiesAt, queueIdAt, queueOffsetAt, storeTimestampAt, sysFlagAt, topicAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { QueueTable } from '../consume-queue/queue-table.js';
import type { QueueWriter } from '../consume-queue/queue-writer.js';
import type { TagsCodes } from '../dispatch/tags-code.js';

/** Records after which the entries in memory are written, so that a rebuild of many queues needs little memory. */
const RECORDS_PER_WRITE = 500_000;

/** Lists records that a scan finds in their consume queues. Listing one twice changes nothing. */
export class Redispatch {
  /** Queues that lack entries before one that was found: they have to be built anew from the start of the log. */
  readonly gaps = new Set<ConsumeQueue>();
  /** Entries added. */
  added = 0;
  #records = 0;

  constructor(
    private readonly queues: QueueTable,
    private readonly writer: QueueWriter,
    private readonly tagsCodes: TagsCodes,
    /** Limits the work to these queues; all without it. */
    private readonly only?: ReadonlySet<ConsumeQueue>,
  ) {}

  /** A `RecordVisitor` of the scan. */
  visit(buffer: Buffer, position: number, size: number, physicalOffset: number): void | Promise<void> {
    const type = transactionTypeOf(sysFlagAt(buffer, position));
    if (type === TRANSACTION_NOT_TYPE || type === TRANSACTION_COMMIT_TYPE) this.#list(buffer, position, size, physicalOffset);
    this.#records += 1;
    if (this.#records % RECORDS_PER_WRITE === 0) return this.#relieve();
  }

  #list(buffer: Buffer, position: number, size: number, physicalOffset: number): void {
    const topic = topicAt(buffer, position);
    const queue = this.queues.getOrCreate(topic, queueIdAt(buffer, position));
    if (this.only && !this.only.has(queue)) return;
    const queueOffset = queueOffsetAt(buffer, position);
    if (queueOffset < queue.maxOffset || this.gaps.has(queue)) return;
    if (queueOffset > queue.maxOffset) {
      if (queue.maxOffset > queue.firstOffset || queue.span.end > queue.span.start) {
        this.gaps.add(queue);
        return;
      }
      queue.restore(queueOffset, queueOffset, 0);
    }
    const tagsCode = this.tagsCodes.of(topic, propertiesAt(buffer, position), storeTimestampAt(buffer, position));
    this.writer.append(queue, physicalOffset, size, tagsCode);
    queue.nextOffset = queue.maxOffset;
    this.added += 1;
  }

  async #relieve(): Promise<void> {
    await this.writer.writeAll();
    this.writer.releaseTails();
  }
}
