import type { SegmentList } from './segment-list.js';

/** What the flusher tells. */
export interface FlushListener {
  /** Everything below `offset` survives the loss of the machine. */
  onFlushed(offset: number): void;
  /** A sync failed; nothing is known of what was written since {@link Flusher.flushed}. */
  onFlushFailed(error: unknown): void;
}

/**
 * Group commit: at most one `fdatasync` is under way; whoever asks while it runs is served by the next, which begins
 * at once and covers everything written by then.
 */
export class Flusher {
  #flushed: number;
  #running: Promise<void> | undefined;
  #wanted = 0;

  constructor(
    private readonly segments: SegmentList,
    /** How far the log is written. */
    private readonly written: () => number,
    private readonly listener: FlushListener,
    flushed: number,
  ) {
    this.#flushed = flushed;
  }

  /** Everything below survives the loss of the machine. */
  get flushed(): number {
    return this.#flushed;
  }

  /** Asks for everything written so far to be synced; the listener hears of it. */
  request(): void {
    this.#wanted = this.written();
    if (!this.#running && this.#wanted > this.#flushed) this.#running = this.#run();
  }

  /** Syncs everything written so far and waits for it. Returns whether it worked. */
  async flush(): Promise<boolean> {
    const target = this.written();
    this.request();
    await this.#running;
    return this.#flushed >= target;
  }

  /** Waits until no sync is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted > this.#flushed) await this.#syncOnce();
    } catch (error) {
      this.#wanted = this.#flushed;
      this.listener.onFlushFailed(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #syncOnce(): Promise<void> {
    const target = this.written();
    await this.segments.syncNames();
    for (const segment of this.segments.between(this.#flushed, target)) await segment.sync();
    this.#flushed = target;
    this.listener.onFlushed(target);
  }
}
