import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';

/** Period while all is well, ms. Apache: RebalanceService.java. */
const BALANCED_PERIOD_MS = 20_000;
/** Period while a queue could not be taken in, ms. */
const UNBALANCED_PERIOD_MS = 1_000;

/** Rebalances periodically, and at once when asked; one run at a time, and requests during a run lead to exactly one more. */
export class RebalanceScheduler {
  readonly #rebalance: () => Promise<boolean>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: TimerHandle | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  /** @param rebalance resolves with whether all is well */
  constructor(rebalance: () => Promise<boolean>, clock: Clock, logger: Logger) {
    this.#rebalance = rebalance;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Runs now, or once more after the run under way; resolves when a run that began after this call has ended. */
  async now(): Promise<void> {
    if (this.#stopped) return;
    if (this.#running !== undefined) this.#again = true;
    else this.#running = this.#run().finally(() => (this.#running = undefined));
    await this.#running;
  }

  /** Runs no more; resolves when the run under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #run(): Promise<void> {
    this.#timer?.cancel();
    let balanced = false;
    do {
      this.#again = false;
      try {
        balanced = await this.#rebalance();
      } catch (error) {
        balanced = false;
        this.#logger.error('a rebalance failed', { error });
      }
    } while (this.#again && !this.#stopped);
    if (!this.#stopped) this.#timer = this.#clock.schedule(balanced ? BALANCED_PERIOD_MS : UNBALANCED_PERIOD_MS, () => void this.now());
  }
}
