import type { Clock } from '../../lib/runtime/clock.js';

/**
 * The while after a start in which not all brokers have registered yet: a route given out then would miss some, and clients would
 * crowd on the others. Only used when `needWaitForService` is set.
 */
export class StartupGrace {
  readonly #startedAt: number;

  constructor(
    private readonly settings: () => { readonly needWaitForService: boolean; readonly waitSecondsForService: number },
    private readonly clock: Clock,
  ) {
    this.#startedAt = clock.monotonic();
  }

  /** Whether routes are to be refused. */
  isWaiting(): boolean {
    const { needWaitForService, waitSecondsForService } = this.settings();
    return needWaitForService && this.clock.monotonic() - this.#startedAt < waitSecondsForService * 1000;
  }
}
