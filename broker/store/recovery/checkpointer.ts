import type { Flusher } from '../commit-log/flusher.js';
import { ENTRY_BYTES } from '../consume-queue/queue-entry.js';
import type { QueueTable } from '../consume-queue/queue-table.js';
import type { QueueWriter } from '../consume-queue/queue-writer.js';
import type { Checkpoint, CheckpointFile } from './checkpoint.js';

/** When consume queues are written and synced. */
export interface CheckpointOptions {
  /** Dirty 4 KiB pages below which a queue waits for the thorough round. */
  readonly leastPages: number;
  /** Period of the thorough rounds, ms. */
  readonly thoroughInterval: number;
  /** Most bytes of the log a recovery should have to scan; a thorough round is made before it gets more. */
  readonly scanMax: number;
}

/** What a round looks at and writes. */
export interface CheckpointParts {
  readonly file: CheckpointFile;
  readonly flusher: Flusher;
  readonly queues: QueueTable;
  readonly queueWriter: QueueWriter;
  /** Below this offset every record is listed in its queue (in memory), and the store time of the last of them. */
  readonly published: () => { readonly offset: number; readonly storeTimestamp: number };
  /** Syncs the index; below the returned offset all records are indexed. */
  readonly syncIndex: () => Promise<{ readonly offset: number; readonly fullFilesTimestamp: number }>;
}

const PAGE_BYTES = 4096;
/** Entries all queues together may hold unsynced in memory before all of them are written, whatever the pages say. */
const UNSYNCED_QUEUES_MAX = 4096;

/**
 * Makes derived views durable in rounds, and notes how far that has come: the next start looks at nothing older. One
 * round at a time, off the event loop but for the small writes.
 */
export class Checkpointer {
  #running: Promise<void> | undefined;
  #lastThorough: number;
  #last: Checkpoint;
  /** As of the last thorough round: the index is large and scattered, so it is synced less often. */
  #index: { readonly offset: number; readonly fullFilesTimestamp: number };

  constructor(
    private readonly options: CheckpointOptions,
    private readonly parts: CheckpointParts,
    start: Checkpoint,
    nowMs: number,
  ) {
    this.#last = start;
    this.#lastThorough = nowMs;
    this.#index = { offset: start.exact?.indexOffset ?? 0, fullFilesTimestamp: start.indexMsgTimestamp };
  }

  /** Below this offset recovery need not look. */
  get safeOffset(): number {
    return this.#last.exact?.safeOffset ?? 0;
  }

  /** Begins a round unless one is under way. @throws the system's error of a write or sync */
  async round(nowMs: number): Promise<void> {
    if (this.#running) return;
    const thorough =
      nowMs - this.#lastThorough >= this.options.thoroughInterval ||
      this.parts.published().offset - this.safeOffset >= this.options.scanMax / 2 ||
      this.parts.queueWriter.dirtyQueues > UNSYNCED_QUEUES_MAX;
    if (thorough) this.#lastThorough = nowMs;
    await this.#run(thorough ? 1 : Math.max(1, Math.ceil((this.options.leastPages * PAGE_BYTES) / ENTRY_BYTES)), false);
  }

  /** Waits until no round is under way. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** The last round: everything written and synced, and the end of the log noted, so that the next start trusts it. */
  async finish(): Promise<void> {
    await this.idle();
    await this.#run(1, true);
  }

  async #run(leastEntries: number, final: boolean): Promise<void> {
    const running = this.#round(leastEntries, final);
    this.#running = running;
    try {
      await running;
    } finally {
      this.#running = undefined;
    }
  }

  async #round(leastEntries: number, final: boolean): Promise<void> {
    const { flusher, queues, queueWriter, file } = this.parts;
    const published = this.parts.published();
    await queueWriter.flush(leastEntries);
    // Before the log, so that no index entry that survives is of a record that does not.
    if (leastEntries === 1) this.#index = await this.parts.syncIndex();
    if (!(await flusher.flush())) return;
    const index = this.#index;
    const safeOffset = Math.min(queueWriter.safeOffset(published.offset), flusher.flushed);
    const upToDate = safeOffset >= published.offset;
    const checkpoint: Checkpoint = {
      ...this.#last,
      physicMsgTimestamp: Math.max(published.storeTimestamp, this.#last.physicMsgTimestamp),
      logicsMsgTimestamp: upToDate ? Math.max(published.storeTimestamp, this.#last.logicsMsgTimestamp) : this.#last.logicsMsgTimestamp,
      indexMsgTimestamp: index.fullFilesTimestamp,
      exact: {
        safeOffset,
        syncedOffset: flusher.flushed,
        indexOffset: index.offset,
        endOffset: final ? published.offset : -1,
        queueCount: countSynced(queues),
      },
    };
    if (!final && isSame(checkpoint, this.#last)) return;
    await file.write(checkpoint);
    this.#last = checkpoint;
  }
}

/** Queues whose files must be there at the next start. */
function countSynced(queues: QueueTable): number {
  let count = 0;
  for (const queue of queues) if (!queue.isLoaded || queue.syncedOffset > queue.firstOffset) count += 1;
  return count;
}

function isSame(one: Checkpoint, other: Checkpoint): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
