import type { Clock } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';

/** At most one line per request code within this time; a failing disk must not turn into a flood of log lines. */
const QUIET_MS = 1000;

interface CodeState {
  lastLoggedAt: number;
  suppressed: number;
}

/** Logs failed requests, at most one line a second per request code; each line says how many were left out before it. */
export class FailureLog {
  readonly #states = new Map<number, CodeState>();

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /** Notes that serving a request of `code` from `remoteAddress` failed with `error`. */
  failed(code: number, name: string, remoteAddress: string, error: unknown): void {
    const now = this.clock.monotonic();
    let state = this.#states.get(code);
    if (!state) this.#states.set(code, (state = { lastLoggedAt: Number.NEGATIVE_INFINITY, suppressed: 0 }));
    if (now - state.lastLoggedAt < QUIET_MS) {
      state.suppressed += 1;
      return;
    }
    const stack = error instanceof Error ? error.stack : undefined;
    this.logger.error(`request ${name} (${code}) from ${remoteAddress} failed: ${error instanceof Error ? error.message : String(error)}`, {
      code,
      remoteAddress,
      stack,
      ...(state.suppressed > 0 && { notLoggedBefore: state.suppressed }),
    });
    state.lastLoggedAt = now;
    state.suppressed = 0;
  }
}
