import type { Clock, TimerHandle } from '../runtime/clock.js';
import type { IdempotencyStore } from './idempotency-store.js';

/** Options of {@link PurgeSchedule}. */
export interface PurgeScheduleOptions {
  readonly clock: Clock;
  /** Pause between two rounds, ms; default 60 000. */
  readonly everyMs?: number;
  /** Records removed with one call, so that no round holds the store for long; default 1000. */
  readonly batch?: number;
  /** Told of a failed round; the next one is tried all the same. */
  readonly onError: (error: unknown) => void;
}

/** Removes expired records of a store from time to time. Several processes may do so on one database. */
export class PurgeSchedule {
  #timer: TimerHandle | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly store: Pick<IdempotencyStore, 'purgeExpired'>,
    private readonly options: PurgeScheduleOptions,
  ) {
    this.#plan();
  }

  /** Stops and waits for a running round. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  #plan(): void {
    if (this.#stopped) return;
    this.#timer = this.options.clock.schedule(this.options.everyMs ?? 60_000, () => {
      this.#round = this.#purge()
        .catch(this.options.onError)
        .then(() => this.#plan());
    });
  }

  async #purge(): Promise<void> {
    const batch = this.options.batch ?? 1000;
    while (!this.#stopped && (await this.store.purgeExpired(batch)) === batch);
  }
}
