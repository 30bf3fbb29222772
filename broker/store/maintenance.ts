import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { AppendGate } from './commit-log/append-gate.js';
import type { AppendPipeline } from './commit-log/append-pipeline.js';
import type { Flusher } from './commit-log/flusher.js';
import type { LogReader } from './commit-log/log-reader.js';
import type { LogWriter } from './commit-log/log-writer.js';
import type { ReadAheadCache } from './commit-log/read-ahead-cache.js';
import type { SegmentList } from './commit-log/segment-list.js';
import type { TailWindow } from './commit-log/tail-window.js';
import type { EntryReader } from './consume-queue/entry-reader.js';
import type { QueueFiles } from './consume-queue/queue-files.js';
import type { QueueTable } from './consume-queue/queue-table.js';
import type { QueueWriter } from './consume-queue/queue-writer.js';
import type { FollowSoon } from './index/follow-soon.js';
import type { KeyIndex } from './index/key-index.js';
import type { StoreStatus } from './message-store.js';
import type { AbortFile } from './recovery/abort-file.js';
import type { CheckpointFile } from './recovery/checkpoint.js';
import type { Checkpointer } from './recovery/checkpointer.js';
import type { Cleaner } from './retention/cleaner.js';
import type { StoreOptions } from './store-options.js';
import type { StorePaths } from './store-paths.js';

/** What maintenance takes care of. */
export interface MaintenanceParts {
  readonly segments: SegmentList;
  readonly tail: TailWindow;
  readonly writer: LogWriter;
  readonly flusher: Flusher;
  readonly pipeline: AppendPipeline;
  readonly cache: ReadAheadCache;
  readonly log: LogReader;
  readonly gate: AppendGate;
  readonly files: QueueFiles;
  readonly queues: QueueTable;
  readonly queueWriter: QueueWriter;
  readonly entries: EntryReader;
  readonly index: KeyIndex;
  readonly follow: FollowSoon;
  readonly checkpointer: Checkpointer;
  readonly checkpointFile: CheckpointFile;
  readonly abortFile: AbortFile;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly paths: StorePaths;
  readonly cleaner: Cleaner;
}

const PAGE_BYTES = 4096;
/** Newest records kept in memory while nothing happens. */
const IDLE_TAIL_BYTES = 4 * 1024 * 1024;

/** The store's regular duties, its health, and its end. */
export class Maintenance {
  #lastFlush: number;
  #probing = false;
  #lastWritten = -1;

  constructor(
    private readonly options: StoreOptions,
    private readonly parts: MaintenanceParts,
  ) {
    this.#lastFlush = parts.clock.monotonic();
  }

  /** After a recovery: syncs what survived and notes it. */
  async settleAfterOpen(trusted: boolean): Promise<void> {
    if (trusted) return;
    await this.parts.flusher.flush();
    await this.parts.checkpointer.round(this.parts.clock.monotonic());
  }

  facade() {
    return {
      startTimers: () => this.#startTimers(),
      status: () => this.#status(),
      deleteTopic: (topic: string) => this.#deleteTopic(topic),
      close: () => this.#close(),
    };
  }

  #startTimers(): TimerHandle[] {
    const { clock } = this.parts;
    const { options } = this;
    return [
      clock.repeat(options.flushIntervalCommitLog, () => this.#flushIfDirty()),
      clock.repeat(options.flushIntervalConsumeQueue, () => this.#round()),
      clock.repeat(options.writeProbeInterval, () => void this.#probe()),
      clock.repeat(options.cleanResourceInterval, () => this.#clean()),
    ];
  }

  #flushIfDirty(): void {
    const { writer, flusher, clock } = this.parts;
    const dirty = writer.written - flusher.flushed;
    if (dirty === 0) return;
    const now = clock.monotonic();
    const thorough = now - this.#lastFlush >= this.options.flushCommitLogThoroughInterval;
    if (dirty < this.options.flushCommitLogLeastPages * PAGE_BYTES && !thorough) return;
    this.#lastFlush = now;
    flusher.request();
  }

  #round(): void {
    const { checkpointer, clock, logger } = this.parts;
    this.#relieve();
    checkpointer.round(clock.monotonic()).catch((error: unknown) => logger.error('the checkpoint could not be written', { error }));
  }

  #clean(): void {
    this.parts.cleaner.run().catch((error: unknown) => this.parts.logger.error('old files could not be removed', { error }));
  }

  /** While nothing is stored, the tail's memory shrinks; and in time the next file is made, before a message needs it. */
  #relieve(): void {
    const { writer, tail, segments, logger } = this.parts;
    if (writer.written === this.#lastWritten) {
      tail.shrink(writer.written, IDLE_TAIL_BYTES);
      tail.releaseSpare();
    }
    this.#lastWritten = writer.written;
    const last = segments.last;
    if (!last || last.end - writer.end > last.size / 2 || writer.end >= last.end) return;
    try {
      segments.create(last.end);
    } catch (error) {
      logger.warn('the next commit-log file cannot be made yet', { error });
      return;
    }
    segments.syncNames().catch((error: unknown) => logger.warn('the name of a commit-log file could not be synced', { error }));
  }

  /** Tries whether the disk works again after it did not. */
  async #probe(): Promise<void> {
    const { gate, writer, flusher, queueWriter, logger } = this.parts;
    if (this.#probing) return;
    this.#probing = true;
    try {
      if (gate.isBlockedBy('write') && writer.end === writer.written) {
        await writer.probe();
        gate.unblock('write');
      }
      if (gate.isBlockedBy('flush')) {
        await writer.rewrite(flusher.flushed);
        if (await flusher.flush()) gate.unblock('flush');
      }
      if (gate.isBlockedBy('consume-queue')) await queueWriter.writeAll();
    } catch (error) {
      logger.debug('the disk does not work yet', { error });
    } finally {
      this.#probing = false;
    }
  }

  #deleteTopic(topic: string): void {
    const { queues, queueWriter, entries } = this.parts;
    for (const queue of queues.removeTopic(topic)) {
      queueWriter.forget(queue);
      entries.forget(queue);
    }
    // The queues must not be missed at the next start.
    this.#round();
  }

  #status(): StoreStatus {
    const { gate, log, writer, flusher, pipeline, fileSystem, paths } = this.parts;
    const problem = gate.problem;
    const { totalBytes, freeBytes } = fileSystem.diskSpace(paths.commitLog);
    return {
      writable: problem === undefined,
      problem,
      commitLogMinOffset: log.start,
      commitLogMaxOffset: writer.written,
      unflushedBytes: writer.written - flusher.flushed,
      dispatchBehindBytes: writer.written - pipeline.published,
      diskUsedRatio: totalBytes === 0 ? 0 : 1 - freeBytes / totalBytes,
    };
  }

  async #close(): Promise<void> {
    const { gate, pipeline, flusher, queueWriter, index, checkpointer, checkpointFile, abortFile, segments, files, cache, writer, logger } = this.parts;
    gate.close();
    this.parts.follow.stop();
    pipeline.writeNow();
    const flushed = await flusher.flush();
    await checkpointer.idle();
    await index.close();
    const queuesWritten = await queueWriter.writeAll();
    if (flushed && queuesWritten) {
      await checkpointer.finish();
      segments.removeFrom(Math.max(writer.end, (segments.first?.start ?? 0) + 1));
      abortFile.remove();
    } else {
      logger.error('the store could not be written completely; the next start will recover it', { problem: gate.problem });
    }
    checkpointFile.close();
    segments.close();
    files.close();
    cache.clear();
  }
}
