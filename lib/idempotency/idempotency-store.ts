/** Anything JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What is kept of a finished piece of work and given to duplicates: nothing, JSON, or bytes as they are. */
export type RecordedResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Lease when none is given, ms: how long a crashed holder keeps others waiting at most. */
export const DEFAULT_LEASE_MS = 60_000;
/** How long a done key is remembered when nothing else is said, ms: 7 days. */
export const DEFAULT_RETENTION_MS = 7 * 24 * 3_600_000;
/** How long released and abandoned keys are kept for their attempt count and reason, ms: 1 day. */
export const UNSETTLED_RETENTION_MS = 24 * 3_600_000;

/** What to claim. */
export interface ClaimRequest {
  /** Who must not do the work twice: consumer group and handler, see `consumerScope`. At most 255 characters. */
  readonly scope: string;
  /** The business key. At most 512 characters. */
  readonly key: string;
  /** The claimant, e.g. host and process; for operators and for telling two claims of one token apart. At most 255 characters. */
  readonly owner: string;
  /** How long the claim is respected without renewal, ms; default {@link DEFAULT_LEASE_MS}. */
  readonly leaseMs?: number;
  /** Digest of the payload (`fingerprintOf`); absent: any payload is accepted for the key. */
  readonly fingerprint?: string;
}

/** Permission to do the work, held until it is completed, released, or taken over after the lease. */
export interface Claim {
  readonly scope: string;
  readonly key: string;
  readonly owner: string;
  /**
   * Fencing token: every later claim on the same key has a greater one. Pass it to the systems the handler changes, so
   * that they can refuse a holder that was overtaken.
   */
  readonly token: number;
  /** 1 for the first try, counted on through releases and takeovers. */
  readonly attempt: number;
  /** End of the lease by the store's clock, ms since the epoch. */
  readonly leaseExpiresAtMs: number;
  readonly fingerprint?: string;
  /** The claim lives in the caller's database transaction: it needs no renewal, and a rollback is its release. */
  readonly transactional: boolean;
}

/** Answer to a claim. */
export type ClaimResult =
  | {
      readonly state: 'acquired';
      readonly claim: Claim;
      /** The previous holder neither completed nor released; its lease ran out. */
      readonly takenOver: boolean;
    }
  | { readonly state: 'in-progress'; readonly retryAfterMs: number }
  | { readonly state: 'completed'; readonly result: RecordedResult; readonly completedAtMs: number }
  | { readonly state: 'fingerprint-mismatch'; readonly recorded: string; readonly offered: string };

/** What is recorded with the completion. */
export interface Completion {
  /** Default: none. */
  readonly result?: RecordedResult;
  /** How long duplicates are recognised from now on, ms; default {@link DEFAULT_RETENTION_MS}. */
  readonly retentionMs?: number;
}

/** Where a key stands. `released`: tried, failed, free for the next try. */
export type RecordState = 'in-progress' | 'completed' | 'released';

/** A key as an operator sees it. */
export interface IdempotencyRecord {
  readonly scope: string;
  readonly key: string;
  readonly state: RecordState;
  readonly owner: string;
  readonly token: number;
  readonly attempt: number;
  readonly fingerprint?: string;
  /** End of the lease, ms since the epoch; only meaningful in progress. */
  readonly leaseExpiresAtMs: number;
  /** When the record is dropped (a completed key is forgotten), ms since the epoch. */
  readonly expiresAtMs: number;
  /** Last change of state, ms since the epoch. */
  readonly updatedAtMs: number;
  readonly result: RecordedResult;
  /** Why it was released, when it was. */
  readonly reason?: string;
}

/** What to list. */
export interface ListQuery {
  readonly scope?: string;
  readonly state?: RecordState;
  /** Records on a page; default 100, at most 1000. */
  readonly limit?: number;
  /** Continue behind this one (`next` of the previous page). */
  readonly after?: { readonly scope: string; readonly key: string };
}

/** A page of records, ordered by scope and key (by their UTF-8 bytes). */
export interface RecordPage {
  readonly records: readonly IdempotencyRecord[];
  /** Present when there may be more. */
  readonly next?: { readonly scope: string; readonly key: string };
}

/**
 * The log table of the idempotent consumer: a row per business key, inserted before the work is done.
 *
 *     (absent, released, lease over) --claim--> in-progress --complete--> completed --retention over--> (absent)
 *                                                    └-----release----> released
 *
 * What every implementation promises, and `test/support/suites/idempotency-store.ts` checks:
 * - of any number of concurrent claims on a key, one is acquired;
 * - a resolved call is in effect as durably as the store says; a rejected one may or may not be in effect, and calling
 *   it again is safe: `complete`, `release` and `renew` by the same claim may be repeated;
 * - a claim whose lease ran out stays valid until somebody takes the key over, or its record expires a day later; from
 *   then on `complete`, `release` and `renew` by the old holder throw `StaleClaimError`;
 * - a completed key is never acquired before its retention is over, whatever fails.
 *
 * Every method throws `IdempotencyStoreError` when disk or database fail, and `RocketMqError` `OPTION_INVALID` on a bad argument.
 */
export interface IdempotencyStore {
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /** Records the work as done. Throws `StaleClaimError` when the claim is no longer the caller's. */
  complete(claim: Claim, completion?: Completion): Promise<void>;
  /** Frees the key for the next try; `reason` is kept for operators. Throws `StaleClaimError`. */
  release(claim: Claim, reason?: string): Promise<void>;
  /** Prolongs the lease to `leaseMs` from now and returns the claim with its new end. Throws `StaleClaimError`. */
  renew(claim: Claim, leaseMs: number): Promise<Claim>;

  /** Operator: the record of one key; `undefined` when there is none or it has expired. */
  find(scope: string, key: string): Promise<IdempotencyRecord | undefined>;
  /** Operator: a page of records. */
  list(query?: ListQuery): Promise<RecordPage>;
  /** Operator: removes a key in whatever state, so that the next delivery does the work; whether there was one. */
  forget(scope: string, key: string): Promise<boolean>;
  /** Removes up to `limit` expired records (default 1000) and returns how many; call again while it returns `limit`. */
  purgeExpired(limit?: number): Promise<number>;
  /** Finishes what runs and lets go of files and timers. The database pool stays its owner's. */
  close(): Promise<void>;
}
