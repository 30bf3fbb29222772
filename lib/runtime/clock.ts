/** A pending timer; opaque to its holder. */
export interface TimerHandle {
  /** Stops the timer; harmless when it has already fired. */
  cancel(): void;
}

/**
 * Everything the project wants to know of time. Code takes a clock as a constructor argument, so that tests and the
 * simulation can move time by hand.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. */
  now(): number;
  /** Monotonic time in milliseconds with sub-millisecond precision; only differences have a meaning. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs` milliseconds. The timer does not keep the process alive. */
  schedule(delayMs: number, callback: () => void): TimerHandle;
  /** Calls `callback` every `periodMs` milliseconds. The timer does not keep the process alive. */
  repeat(periodMs: number, callback: () => void): TimerHandle;
  /** Resolves after `delayMs` milliseconds, or at once (without an error) when `signal` is aborted. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  schedule(delayMs: number, callback: () => void): TimerHandle {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  }

  repeat(periodMs: number, callback: () => void): TimerHandle {
    const timer = setInterval(callback, periodMs);
    timer.unref();
    return { cancel: () => clearInterval(timer) };
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, delayMs);
      signal?.addEventListener('abort', finish, { once: true });
    });
  }
}
