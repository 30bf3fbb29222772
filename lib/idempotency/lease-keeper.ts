import type { Clock, TimerHandle } from '../runtime/clock.js';
import { StaleClaimError } from './errors.js';
import type { Claim, IdempotencyStore } from './idempotency-store.js';

/** Fraction of the lease after which it is renewed: two more tries fit in before it ends. */
const RENEW_AFTER = 1 / 3;

/**
 * Renews a claim while its handler runs. The claim counts as lost when the store says so, or when no renewal has
 * succeeded for a whole lease: by then another may have taken over. Measured from before each request was sent on our
 * own monotonic clock, so neither slow answers nor differing clocks make the holder too sure of itself.
 */
export class LeaseKeeper {
  readonly #lost = new AbortController();
  #timer: TimerHandle | undefined;
  #renewing: Promise<void> = Promise.resolve();
  #securedUntil: number;
  #stopped = false;

  /** `claimedAt`: monotonic time before the claim was asked for, ms. */
  constructor(
    private readonly store: Pick<IdempotencyStore, 'renew'>,
    private readonly clock: Clock,
    private readonly claim: Claim,
    private readonly leaseMs: number,
    claimedAt: number,
  ) {
    this.#securedUntil = claimedAt + leaseMs;
    if (!claim.transactional) this.#plan();
  }

  /** Aborted when the claim is lost; the reason is the error that told so. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Ends the renewals and waits for a running one, so that it cannot overtake the completion; not beyond the lease. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.race([this.#renewing, this.#whenLost()]);
  }

  #plan(): void {
    if (this.#stopped || this.#lost.signal.aborted) return;
    const left = this.#securedUntil - this.clock.monotonic();
    if (left <= 0) {
      this.#lose(new StaleClaimError('renew', this.claim, `no renewal succeeded for ${this.leaseMs} ms`));
      return;
    }
    // Never beyond the end: a store that hangs must not keep the handler believing.
    const delay = Math.min(this.leaseMs * RENEW_AFTER, left);
    this.#timer = this.clock.schedule(delay, () => {
      this.#renewing = this.#renew();
      this.#watchHanging();
    });
  }

  /** A renewal that does not answer in time is as good as a failed one. */
  #watchHanging(): void {
    const left = Math.max(0, this.#securedUntil - this.clock.monotonic());
    const secured = this.#securedUntil;
    const timer = this.clock.schedule(left, () => {
      if (this.#securedUntil === secured) this.#lose(new StaleClaimError('renew', this.claim, `the store did not answer within the lease of ${this.leaseMs} ms`));
    });
    void this.#renewing.then(() => timer.cancel());
  }

  async #renew(): Promise<void> {
    const askedAt = this.clock.monotonic();
    try {
      await this.store.renew(this.claim, this.leaseMs);
      this.#securedUntil = askedAt + this.leaseMs;
    } catch (error) {
      if (error instanceof StaleClaimError) this.#lose(error);
      // Anything else may pass: the next try is due while the lease still holds, and its end is watched.
    }
    this.#plan();
  }

  #whenLost(): Promise<void> {
    return new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #lose(error: unknown): void {
    this.#timer?.cancel();
    if (!this.#lost.signal.aborted) this.#lost.abort(error);
  }
}
