import { RocketMqError } from '../errors/rocketmq-error.js';
import { StaleClaimError } from './errors.js';
import {
  DEFAULT_LEASE_MS,
  DEFAULT_RETENTION_MS,
  UNSETTLED_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Completion,
  type IdempotencyRecord,
  type ListQuery,
} from './idempotency-store.js';

/*
 * The state machine of one key, without I/O: what the embedded stores do in memory and the SQL stores express in
 * statements. A decision is the answer together with the record to be stored, if any.
 */

/** With the `u` flag pairs are one character, so this matches only halves that stand alone. */
const LONE_SURROGATES = /\p{Surrogate}/u;

/** Outcome of a claim: the answer, and the record that makes it true. */
export interface ClaimDecision {
  readonly result: ClaimResult;
  readonly next?: IdempotencyRecord;
}

/** Longest accepted fields, in characters; SQL stores have columns of these widths. */
export const FIELD_LENGTH_MAX = { scope: 255, key: 512, owner: 255, fingerprint: 128 } as const;
/** Longest kept reason of a release, in characters; longer ones are cut. */
export const REASON_LENGTH_MAX = 500;

/** Throws `OPTION_INVALID` unless the request can be stored by every store. */
export function checkClaimRequest(request: ClaimRequest): void {
  checkSubject(request.scope, request.key);
  checkText('owner', request.owner, FIELD_LENGTH_MAX.owner);
  if (request.fingerprint !== undefined) checkText('fingerprint', request.fingerprint, FIELD_LENGTH_MAX.fingerprint);
  checkDuration('leaseMs', request.leaseMs ?? DEFAULT_LEASE_MS);
}

/** Throws `OPTION_INVALID` unless scope and key are storable. */
export function checkSubject(scope: string, key: string): void {
  checkText('scope', scope, FIELD_LENGTH_MAX.scope);
  checkText('key', key, FIELD_LENGTH_MAX.key);
}

/** Throws `OPTION_INVALID` unless `value` is a whole number of milliseconds, from 1 to a century. */
export function checkDuration(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= 100 * 366 * 24 * 3_600_000) return;
  throw new RocketMqError('OPTION_INVALID', `${name} is ${value}; give whole milliseconds from 1 up to a century`, { details: { name, value } });
}

/** Throws `OPTION_INVALID` unless `value` is a count from 1 to `max`. */
export function checkLimit(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new RocketMqError('OPTION_INVALID', `${name} is ${value}; give a whole number from 1 to ${max}`, { details: { name, value } });
}

function checkText(name: string, value: string, max: number): void {
  // A NUL is refused because PostgreSQL cannot store one; a lone surrogate because it has no UTF-8 of its own.
  if (typeof value === 'string' && value.length > 0 && value.length <= max && !value.includes('\0') && !LONE_SURROGATES.test(value)) return;
  const shown = typeof value === 'string' ? `${value.length} characters long` : typeof value;
  throw new RocketMqError('OPTION_INVALID', `the idempotency ${name} is ${shown}; give well-formed text of 1 to ${max} characters without NUL`, {
    details: { name, max },
  });
}

/** Whether the record counts at all at this time. */
export function isCurrent(record: IdempotencyRecord | undefined, nowMs: number): record is IdempotencyRecord {
  return record !== undefined && record.expiresAtMs > nowMs;
}

/** Decides a claim on a key whose stored record is `found`. */
export function decideClaim(found: IdempotencyRecord | undefined, request: ClaimRequest, nowMs: number, token: number): ClaimDecision {
  const current = isCurrent(found, nowMs) ? found : undefined;
  if (current?.state === 'completed' || (current?.state === 'in-progress' && current.leaseExpiresAtMs > nowMs)) {
    return { result: answerOccupied(current, request, nowMs) };
  }
  const leaseExpiresAtMs = nowMs + (request.leaseMs ?? DEFAULT_LEASE_MS);
  const attempt = (current?.attempt ?? 0) + 1;
  const claim = { scope: request.scope, key: request.key, owner: request.owner, token, attempt, leaseExpiresAtMs, fingerprint: request.fingerprint };
  return {
    result: { state: 'acquired', claim: { ...claim, transactional: false }, takenOver: current?.state === 'in-progress' },
    next: { ...claim, state: 'in-progress', expiresAtMs: leaseExpiresAtMs + UNSETTLED_RETENTION_MS, updatedAtMs: nowMs, result: { kind: 'none' } },
  };
}

/** The answer when the key is completed or held: also used by the SQL stores on the row they found. */
export function answerOccupied(record: IdempotencyRecord, request: ClaimRequest, nowMs: number): ClaimResult {
  if (record.fingerprint !== undefined && request.fingerprint !== undefined && record.fingerprint !== request.fingerprint) {
    return { state: 'fingerprint-mismatch', recorded: record.fingerprint, offered: request.fingerprint };
  }
  if (record.state === 'completed') return { state: 'completed', result: record.result, completedAtMs: record.updatedAtMs };
  return { state: 'in-progress', retryAfterMs: Math.max(1, record.leaseExpiresAtMs - nowMs) };
}

/** The record after completion; `undefined` when it is completed by this claim already. Throws `StaleClaimError`. */
export function decideComplete(found: IdempotencyRecord | undefined, claim: Claim, completion: Completion, nowMs: number): IdempotencyRecord | undefined {
  const held = requireHeld('complete', found, claim, nowMs);
  if (held.state === 'completed') return undefined;
  const expiresAtMs = nowMs + (completion.retentionMs ?? DEFAULT_RETENTION_MS);
  return { ...held, state: 'completed', expiresAtMs, updatedAtMs: nowMs, result: completion.result ?? { kind: 'none' }, reason: undefined };
}

/** The record after a release; `undefined` when it is released by this claim already. Throws `StaleClaimError`. */
export function decideRelease(found: IdempotencyRecord | undefined, claim: Claim, reason: string | undefined, nowMs: number): IdempotencyRecord | undefined {
  const held = requireHeld('release', found, claim, nowMs);
  if (held.state === 'released') return undefined;
  return { ...held, state: 'released', expiresAtMs: nowMs + UNSETTLED_RETENTION_MS, updatedAtMs: nowMs, reason: cutReason(reason) };
}

/** The record after a renewal. A lease is never shortened. Throws `StaleClaimError`. */
export function decideRenew(found: IdempotencyRecord | undefined, claim: Claim, leaseMs: number, nowMs: number): IdempotencyRecord {
  const held = requireHeld('renew', found, claim, nowMs);
  const leaseExpiresAtMs = Math.max(held.leaseExpiresAtMs, nowMs + leaseMs);
  return { ...held, leaseExpiresAtMs, expiresAtMs: leaseExpiresAtMs + UNSETTLED_RETENTION_MS };
}

const STATES_ALLOWED = { complete: ['in-progress', 'completed'], release: ['in-progress', 'released'], renew: ['in-progress'] } as const;

/** Whether the stored record is still this claim's and the verb fits its state; else throws `StaleClaimError`. */
export function requireHeld(verb: keyof typeof STATES_ALLOWED, found: IdempotencyRecord | undefined, claim: Claim, nowMs: number): IdempotencyRecord {
  if (!isCurrent(found, nowMs)) throw new StaleClaimError(verb, claim, 'the key was forgotten or has expired');
  if (found.token !== claim.token || found.owner !== claim.owner) {
    throw new StaleClaimError(verb, claim, `'${found.owner}' took it over with claim ${found.token} (now ${found.state})`);
  }
  const allowed: readonly string[] = STATES_ALLOWED[verb];
  if (!allowed.includes(found.state)) throw new StaleClaimError(verb, claim, `this holder has ${found.state} it already`);
  return found;
}

/** Cuts a reason to what stores keep, without splitting a character. */
export function cutReason(reason: string | undefined): string | undefined {
  return reason?.slice(0, REASON_LENGTH_MAX).replaceAll(/\p{Surrogate}|\0/gu, '\ufffd');
}

/** Orders records as all stores list them: by the UTF-8 bytes of scope, then key. */
export function compareSubjects(a: { scope: string; key: string }, b: { scope: string; key: string }): number {
  return Buffer.compare(Buffer.from(a.scope), Buffer.from(b.scope)) || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

/** Whether a record belongs on the page that was asked for. */
export function matches(record: IdempotencyRecord, query: ListQuery): boolean {
  if (query.scope !== undefined && record.scope !== query.scope) return false;
  if (query.state !== undefined && record.state !== query.state) return false;
  return query.after === undefined || compareSubjects(record, query.after) > 0;
}
