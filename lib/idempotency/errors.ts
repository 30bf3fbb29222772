import { RocketMqError } from '../errors/rocketmq-error.js';

/** Which record an error is about. */
export interface ErrorSubject {
  readonly scope: string;
  readonly key: string;
}

/** Another process (or another handler of this one) is doing the work right now: come back after {@link retryAfterMs}. */
export class InProgressElsewhereError extends RocketMqError {
  /** Time until the other's lease ends, ms; at least 1. */
  readonly retryAfterMs: number;

  constructor(subject: ErrorSubject, retryAfterMs: number, cause?: unknown) {
    super('IDEMPOTENCY_IN_PROGRESS', `the key ${quote(subject)} is being handled elsewhere; deliver it again in ${retryAfterMs} ms`, {
      retryable: true,
      details: { ...only(subject), retryAfterMs },
      cause,
    });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The caller no longer holds the claim: it was taken over, forgotten, or settled. Its effect must not be recorded. */
export class StaleClaimError extends RocketMqError {
  constructor(verb: 'complete' | 'release' | 'renew', claim: ErrorSubject & { readonly token: number }, found: string) {
    super('IDEMPOTENCY_STALE_CLAIM', `cannot ${verb} the claim ${claim.token} on ${quote(claim)}: ${found}; whatever this holder did since it lost the claim may happen again elsewhere`, {
      details: { ...only(claim), verb, token: claim.token, found },
    });
  }
}

/** The message or request carries no key where one was looked for. */
export class IdempotencyKeyMissingError extends RocketMqError {
  constructor(wanted: string, found: string) {
    super('IDEMPOTENCY_KEY_MISSING', `no idempotency key: ${wanted} is ${found}; send it with one, or choose another key source`, {
      details: { wanted, found },
    });
  }
}

/** The key was used before with another payload. Delivering it again cannot help. */
export class FingerprintMismatchError extends RocketMqError {
  constructor(subject: ErrorSubject, recorded: string, offered: string) {
    super('IDEMPOTENCY_FINGERPRINT_MISMATCH', `the key ${quote(subject)} was used before with another payload (recorded ${recorded}, now ${offered}); use a new key for new content`, {
      details: { ...only(subject), recorded, offered },
    });
  }
}

/**
 * The store could not do what was asked: disk or database failed, is full or refused. `retryable` says whether the same
 * call may succeed later. The effect of the failed call itself is unknown when a connection broke.
 */
export class IdempotencyStoreError extends RocketMqError {
  constructor(message: string, options: { retryable: boolean; cause?: unknown; details?: Readonly<Record<string, unknown>> }) {
    super('IDEMPOTENCY_STORE_FAILED', message, options);
  }
}

/** The handler's result cannot be recorded. The work counts as done all the same, so that it is not repeated. */
export class ResultNotRecordableError extends RocketMqError {
  constructor(subject: ErrorSubject, reason: string, cause?: unknown) {
    super('PAYLOAD_INVALID', `the result for ${quote(subject)} cannot be recorded (${reason}); it is marked done without a result: return JSON or bytes, or set recordResult to false`, {
      details: { ...only(subject), reason },
      cause,
    });
  }
}

function quote(subject: ErrorSubject): string {
  return `'${subject.key}' of '${subject.scope}'`;
}

function only(subject: ErrorSubject): ErrorSubject {
  return { scope: subject.scope, key: subject.key };
}
