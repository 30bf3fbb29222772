import { hostname } from 'node:os';

import { RocketMqError } from '../errors/rocketmq-error.js';
import { SystemClock, type Clock } from '../runtime/clock.js';
import { SystemRandom, type Random } from '../runtime/random.js';
import { FingerprintMismatchError, InProgressElsewhereError, ResultNotRecordableError, StaleClaimError } from './errors.js';
import { publish, type IdempotencyObserver } from './events.js';
import {
  DEFAULT_LEASE_MS,
  DEFAULT_RETENTION_MS,
  type Claim,
  type Completion,
  type IdempotencyStore,
  type JsonValue,
  type RecordedResult,
} from './idempotency-store.js';
import { checkDuration } from './key-state.js';
import { LeaseKeeper } from './lease-keeper.js';
import { fromRecordedResult, toRecordedResult } from './recorded-result.js';

/** Options of {@link IdempotentRunner}. */
export interface IdempotentRunnerOptions {
  readonly store: IdempotencyStore;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Lease of a claim, ms; renewed while the handler runs. Default 60 000. */
  readonly leaseMs?: number;
  /** How long done keys are remembered, ms; default 7 days. Must exceed the time over which duplicates can arrive. */
  readonly retentionMs?: number;
  /** Whether results are recorded for duplicates; default true. Without, a duplicate gets `undefined`. */
  readonly recordResult?: boolean;
  /** Largest recorded result, bytes; default 1 MiB. */
  readonly resultBytesMax?: number;
  /** Attempts to record a completion when the store fails with a retryable error; default 3. */
  readonly completeAttempts?: number;
  /** Name of this process for operators; default host and process id. A random part is added. */
  readonly owner?: string;
  readonly observer?: IdempotencyObserver;
}

/** What to run once. */
export interface RunRequest {
  readonly scope: string;
  readonly key: string;
  /** See `fingerprintOf`; absent: the payload is not compared. */
  readonly fingerprint?: string;
  /** Overrides the runner's, ms. */
  readonly leaseMs?: number;
  /** Overrides the runner's, ms. */
  readonly retentionMs?: number;
  /** A store bound to the caller's transaction (`sqlStore.withExecutor(tx)`) instead of the runner's. */
  readonly store?: IdempotencyStore;
}

/** What a handler is given. */
export interface RunContext {
  /** With the fencing token, for systems that can refuse an overtaken holder. */
  readonly claim: Claim;
  /** Aborted when the claim is lost: stop, another is doing the work. */
  readonly signal: AbortSignal;
}

/** What became of a run. */
export type RunOutcome<Result> =
  | {
      readonly status: 'executed';
      readonly replayed: false;
      readonly result: Result;
      readonly attempt: number;
      readonly takenOver: boolean;
    }
  | {
      readonly status: 'replayed';
      readonly replayed: true;
      /** As recorded: JSON values and bytes; `undefined` when nothing was. */
      readonly result: JsonValue | Uint8Array | undefined;
      readonly completedAtMs: number;
    };

const COMPLETE_PAUSE_MS = 100;

/** Runs handlers once per key: claim, handle, complete; on an error, release. */
export class IdempotentRunner {
  readonly #options: IdempotentRunnerOptions;
  readonly #clock: Clock;
  readonly #owner: string;
  #runs = 0;

  constructor(options: IdempotentRunnerOptions) {
    checkDuration('leaseMs', options.leaseMs ?? DEFAULT_LEASE_MS);
    checkDuration('retentionMs', options.retentionMs ?? DEFAULT_RETENTION_MS);
    this.#options = options;
    this.#clock = options.clock ?? new SystemClock();
    const name = options.owner ?? `${hostname()}:${process.pid}`;
    this.#owner = `${name.slice(0, 200)}:${(options.random ?? new SystemRandom()).uuid().slice(0, 8)}`;
  }

  /**
   * Calls `handler` unless the work for the key is done (then its recorded result comes back, `replayed`).
   *
   * Throws
   * - `InProgressElsewhereError` (retryable, with `retryAfterMs`): deliver again later;
   * - `FingerprintMismatchError`: the key was used for another payload, delivering again is useless;
   * - what the handler threw, after the key was released for the next try;
   * - `StaleClaimError`: the handler finished, but had been overtaken, so its effect may happen twice;
   * - `ResultNotRecordableError`: the work is done and recorded as such, but its result could not be kept;
   * - `IdempotencyStoreError`: the store failed. When that happens after the handler, the effect may happen again once
   *   the lease is over, unless the store joined the transaction of the effect.
   */
  async run<Result>(request: RunRequest, handler: (context: RunContext) => Promise<Result> | Result): Promise<RunOutcome<Result>> {
    const { scope, key, fingerprint } = request;
    const store = request.store ?? this.#options.store;
    const leaseMs = request.leaseMs ?? this.#options.leaseMs ?? DEFAULT_LEASE_MS;
    const claimedAt = this.#clock.monotonic();
    // The owner differs from run to run, so that no two claims can be mistaken for each other.
    const owner = `${this.#owner}:${(++this.#runs).toString(36)}`;
    const answer = await store.claim({ scope, key, fingerprint, leaseMs, owner });
    const subject = { scope, key, owner };
    switch (answer.state) {
      case 'completed':
        publish(this.#options.observer, 'duplicate', { ...subject, completedAtMs: answer.completedAtMs });
        return { status: 'replayed', replayed: true, result: fromRecordedResult(answer.result), completedAtMs: answer.completedAtMs };
      case 'in-progress':
        publish(this.#options.observer, 'inProgress', { ...subject, retryAfterMs: answer.retryAfterMs });
        throw new InProgressElsewhereError(subject, answer.retryAfterMs);
      case 'fingerprint-mismatch':
        publish(this.#options.observer, 'mismatch', subject);
        throw new FingerprintMismatchError(subject, answer.recorded, answer.offered);
      case 'acquired': {
        const { claim, takenOver } = answer;
        if (takenOver) publish(this.#options.observer, 'takeover', { ...subject, token: claim.token, attempt: claim.attempt });
        const securedAt = await this.#secure(store, claim, leaseMs, claimedAt);
        const keeper = new LeaseKeeper(store, this.#clock, claim, leaseMs, securedAt);
        const result = await this.#handle(store, claim, keeper, handler);
        await this.#complete(store, claim, result, request.retentionMs);
        return { status: 'executed', replayed: false, result, attempt: claim.attempt, takenOver };
      }
    }
  }

  /**
   * A claim that was long in coming (the store was slow, or waited for another's transaction) has little lease left, or
   * none: renew it before the work begins. Returns the monotonic time from which the lease counts.
   */
  async #secure(store: IdempotencyStore, claim: Claim, leaseMs: number, claimedAt: number): Promise<number> {
    const askedAt = this.#clock.monotonic();
    if (claim.transactional || askedAt - claimedAt < leaseMs / 2) return claimedAt;
    try {
      await store.renew(claim, leaseMs);
    } catch (error) {
      // Nothing was done yet, so being overtaken is no harm.
      if (error instanceof StaleClaimError) throw new InProgressElsewhereError(claim, leaseMs, error);
      throw error;
    }
    return askedAt;
  }

  async #handle<Result>(store: IdempotencyStore, claim: Claim, keeper: LeaseKeeper, handler: (context: RunContext) => Promise<Result> | Result): Promise<Result> {
    const subject = { scope: claim.scope, key: claim.key, owner: claim.owner, token: claim.token };
    keeper.signal.addEventListener('abort', () => publish(this.#options.observer, 'leaseLost', { ...subject, error: keeper.signal.reason }), { once: true });
    try {
      return await handler({ claim, signal: keeper.signal });
    } catch (error) {
      await keeper.stop();
      await this.#release(store, claim, error);
      throw error;
    } finally {
      await keeper.stop();
    }
  }

  /** The handler's error goes on to the caller whatever happens here; a failed release is told to the observer. */
  async #release(store: IdempotencyStore, claim: Claim, error: unknown): Promise<void> {
    const event = { scope: claim.scope, key: claim.key, owner: claim.owner, token: claim.token };
    try {
      await store.release(claim, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    } catch (failure) {
      publish(this.#options.observer, 'releaseFailed', { ...event, error: failure });
      return;
    }
    publish(this.#options.observer, 'released', { ...event, error });
  }

  async #complete(store: IdempotencyStore, claim: Claim, result: unknown, retentionMs?: number): Promise<void> {
    const subject = { scope: claim.scope, key: claim.key, owner: claim.owner, token: claim.token };
    const recorded = this.#record(claim, result);
    const completion: Completion = {
      result: recorded instanceof ResultNotRecordableError ? undefined : recorded,
      retentionMs: retentionMs ?? this.#options.retentionMs,
    };
    try {
      await this.#completeWithRetries(store, claim, completion);
    } catch (error) {
      if (error instanceof StaleClaimError) publish(this.#options.observer, 'staleComplete', { ...subject, error });
      throw error;
    }
    publish(this.#options.observer, 'completed', { ...subject, attempt: claim.attempt });
    // Only now: the work is done and must be known as done, however useless its result.
    if (recorded instanceof ResultNotRecordableError) throw recorded;
  }

  async #completeWithRetries(store: IdempotencyStore, claim: Claim, completion: Completion): Promise<void> {
    // In a transaction a failed statement has spoiled the transaction: only doing all of it again helps.
    const attempts = claim.transactional ? 1 : (this.#options.completeAttempts ?? 3);
    for (let attempt = 1; ; attempt++) {
      try {
        await store.complete(claim, completion);
        return;
      } catch (error) {
        if (attempt >= attempts || !(error instanceof RocketMqError && error.retryable)) throw error;
        await this.#clock.sleep(COMPLETE_PAUSE_MS * attempt);
      }
    }
  }

  #record(claim: Claim, result: unknown): RecordedResult | ResultNotRecordableError {
    if (this.#options.recordResult === false) return { kind: 'none' };
    const bytesMax = this.#options.resultBytesMax ?? 1024 * 1024;
    let recorded: RecordedResult;
    try {
      recorded = toRecordedResult(result);
    } catch (error) {
      return new ResultNotRecordableError(claim, error instanceof Error ? error.message : String(error), error);
    }
    const bytes = sizeOf(recorded);
    if (bytes <= bytesMax) return recorded;
    return new ResultNotRecordableError(claim, `it has ${bytes} bytes, more than resultBytesMax ${bytesMax}`);
  }
}

function sizeOf(result: RecordedResult): number {
  if (result.kind === 'none') return 0;
  return result.kind === 'bytes' ? result.bytes.byteLength : Buffer.byteLength(JSON.stringify(result.value));
}
