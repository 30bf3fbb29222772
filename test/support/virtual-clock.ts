import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';

interface Timer {
  at: number;
  period: number | undefined;
  callback: () => void;
}

/** Time that moves only by {@link VirtualClock.advance}; timers fire in the order of their time, then of their making. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #start: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs;
    this.#start = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#start;
  }

  schedule(delayMs: number, callback: () => void): TimerHandle {
    return this.#add({ at: this.#now + Math.max(0, delayMs), period: undefined, callback });
  }

  repeat(periodMs: number, callback: () => void): TimerHandle {
    return this.#add({ at: this.#now + periodMs, period: periodMs, callback });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.schedule(delayMs, resolve);
      signal?.addEventListener('abort', () => (timer.cancel(), resolve()), { once: true });
    });
  }

  /** Number of timers that are set. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time on, firing what becomes due on the way at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#nextDue(end); timer; timer = this.#nextDue(end)) {
      this.#now = Math.max(this.#now, timer.at);
      if (timer.period === undefined) this.#timers.delete(timer);
      else timer.at += timer.period;
      timer.callback();
    }
    this.#now = end;
  }

  /** As {@link advance}, in steps, letting promises settle after each. */
  async advanceAsync(ms: number, stepMs = ms): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #add(timer: Timer): TimerHandle {
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  #nextDue(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}
