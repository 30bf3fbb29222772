import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { Clock, TimerHandle } from '../../../lib/runtime/clock.js';
import type { TurnScheduler } from '../../../lib/runtime/turn-scheduler.js';
import type { AppendGate } from './append-gate.js';
import type { Flusher } from './flusher.js';
import type { LogWriter } from './log-writer.js';
import type { PendingAppend } from './pending-append.js';

/** How appends are answered. */
export interface PipelineOptions {
  /** Whether an append is done, and its message visible, only when synced. */
  readonly syncFlush: boolean;
  /** Longest wait for a sync, ms; then the answer is FLUSH_DISK_TIMEOUT. */
  readonly syncFlushTimeout: number;
}

/** What the pipeline works with. */
export interface PipelineParts {
  readonly writer: LogWriter;
  readonly flusher: Flusher;
  readonly gate: AppendGate;
  readonly clock: Clock;
  readonly turns: TurnScheduler;
  /** Lists a stored append in its queue and tells those who wait for it. */
  readonly publish: (append: PendingAppend) => void;
  /** Called once after some appends were published. */
  readonly afterPublish: () => void;
}

/**
 * What happens to an append after it was encoded:
 *
 *   accepted ── turn end: one write ──> written ── ASYNC_FLUSH ──────────────> published, answered
 *                      │                   └────── SYNC_FLUSH: group commit ─> published, answered
 *                      └─ write failed: answered with the error, log and queue offsets taken back
 */
export class AppendPipeline {
  #unwritten: PendingAppend[] = [];
  #unflushed: PendingAppend[] = [];
  #turnScheduled = false;
  #timeout: TimerHandle | undefined;
  readonly #options: PipelineOptions;
  readonly #parts: PipelineParts;
  readonly #atTurnEnd = (): void => {
    this.#turnScheduled = false;
    this.writeNow();
  };

  constructor(options: PipelineOptions, parts: PipelineParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Offset below which everything is published. */
  get published(): number {
    return (this.#unflushed[0] ?? this.#unwritten[0])?.start ?? this.#parts.writer.written;
  }

  accept(append: PendingAppend): void {
    this.#unwritten.push(append);
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    this.#parts.turns.atTurnEnd(this.#atTurnEnd);
  }

  /** Writes what was accepted so far in one go. */
  writeNow(): void {
    const appends = this.#unwritten;
    if (appends.length === 0) return;
    this.#unwritten = [];
    try {
      this.#parts.writer.write();
    } catch (error) {
      this.#writeFailed(appends, error);
      return;
    }
    this.#written(appends);
  }

  /** Everything below `offset` is synced. */
  flushed(offset: number): void {
    let done = 0;
    while (done < this.#unflushed.length && this.#unflushed[done].end <= offset) {
      const append = this.#unflushed[done];
      this.#parts.publish(append);
      append.resolve('PUT_OK');
      done += 1;
    }
    if (done > 0) {
      this.#unflushed.splice(0, done);
      this.#parts.afterPublish();
    }
    if (this.#unflushed.length === 0) this.#stopTimeout();
  }

  /** No sync will come soon: the waiting are told that they are stored, but not how safely. */
  flushFailed(): void {
    for (const append of this.#unflushed) append.resolve('FLUSH_DISK_TIMEOUT');
    this.#stopTimeout();
  }

  #written(appends: readonly PendingAppend[]): void {
    if (!this.#options.syncFlush) {
      for (const append of appends) {
        this.#parts.publish(append);
        append.resolve('PUT_OK');
      }
      this.#parts.afterPublish();
      return;
    }
    for (const append of appends) {
      this.#unflushed.push(append);
      if (!append.waitsForFlush) append.resolve('PUT_OK');
    }
    this.#startTimeout();
    this.#parts.flusher.request();
  }

  /** What reached the disk whole counts; all behind it is rejected, youngest first so that queue offsets are given back in order. */
  #writeFailed(appends: readonly PendingAppend[], cause: unknown): void {
    const { writer, gate } = this.#parts;
    gate.block('write', `writing the commit log failed: ${String(cause)}`, cause);
    const firstLost = appends.findIndex((append) => append.end > writer.written);
    const lost = appends.slice(firstLost);
    for (const append of lost.toReversed()) {
      if (append.queue) append.queue.nextOffset -= append.count;
    }
    writer.rollBack();
    const error = new RocketMqError('STORE_WRITE_FAILED', `the message was not stored: ${String(cause)}`, { retryable: true, cause });
    for (const append of lost) append.reject(error);
    this.#written(appends.slice(0, firstLost));
  }

  #startTimeout(): void {
    if (this.#timeout || this.#unflushed.length === 0) return;
    const newest = this.#unflushed[this.#unflushed.length - 1];
    this.#timeout = this.#parts.clock.schedule(this.#options.syncFlushTimeout, () => {
      this.#timeout = undefined;
      this.#timeOutUpTo(newest.end);
    });
  }

  /** Answers those that have waited too long; they stay in line to be published when the sync succeeds after all. */
  #timeOutUpTo(end: number): void {
    for (const append of this.#unflushed) if (append.end <= end) append.resolve('FLUSH_DISK_TIMEOUT');
    this.#startTimeout();
  }

  #stopTimeout(): void {
    this.#timeout?.cancel();
    this.#timeout = undefined;
  }
}
