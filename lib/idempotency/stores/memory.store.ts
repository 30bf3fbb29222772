import { SystemClock, type Clock } from '../../runtime/clock.js';
import { IdempotencyStoreError } from '../errors.js';
import {
  DEFAULT_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Completion,
  type IdempotencyRecord,
  type IdempotencyStore,
  type ListQuery,
  type RecordPage,
} from '../idempotency-store.js';
import {
  checkClaimRequest,
  checkDuration,
  checkLimit,
  checkSubject,
  compareSubjects,
  decideClaim,
  decideComplete,
  decideRelease,
  decideRenew,
  isCurrent,
  matches,
} from '../key-state.js';

/** Options of {@link MemoryIdempotencyStore}. */
export interface MemoryStoreOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Most keys held, of whatever state; default 100 000 (some 40 MB with short keys and no results). */
  readonly keysMax?: number;
  /**
   * What a new key meets when the store is full of unexpired ones. `refuse` (default): `IdempotencyStoreError`, so
   * nothing is done twice but work stops. `evict`: the key completed longest ago is forgotten before its retention, so
   * work goes on and a duplicate of it would be done again. Keys in progress are never evicted.
   */
  readonly whenFull?: 'refuse' | 'evict';
}

/** How many of the longest-kept keys are looked at for room before giving up; bounds the cost of a claim on a full store. */
const ROOM_LOOKS_MAX = 1000;

/**
 * Keeps keys in this process: for tests and for work whose repetition after a restart does no harm. Guarantees: one
 * effect per key while the process lives; nothing survives it, and other processes are not seen.
 */
export class MemoryIdempotencyStore implements IdempotencyStore {
  /** In the order of the last change of state, so that the oldest completed come first. */
  readonly #records = new Map<string, IdempotencyRecord>();
  readonly #clock: Clock;
  readonly #keysMax: number;
  readonly #whenFull: 'refuse' | 'evict';
  #lastToken = 0;
  #closed = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.#clock = options.clock ?? new SystemClock();
    this.#keysMax = options.keysMax ?? 100_000;
    this.#whenFull = options.whenFull ?? 'refuse';
    checkLimit('keysMax', this.#keysMax, 10_000_000);
  }

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    this.#requireOpen();
    checkClaimRequest(request);
    const nowMs = this.#clock.now();
    const id = idOf(request.scope, request.key);
    const found = this.#records.get(id);
    if (!found) this.#makeRoom(nowMs);
    const { result, next } = decideClaim(found, request, nowMs, this.#lastToken + 1);
    if (!next) return result;
    this.#lastToken = next.token;
    this.#put(id, next);
    return result;
  }

  async complete(claim: Claim, completion: Completion = {}): Promise<void> {
    this.#requireOpen();
    checkDuration('retentionMs', completion.retentionMs ?? DEFAULT_RETENTION_MS);
    const id = idOf(claim.scope, claim.key);
    const next = decideComplete(this.#records.get(id), claim, completion, this.#clock.now());
    if (next) this.#put(id, { ...next, result: structuredClone(next.result) });
  }

  async release(claim: Claim, reason?: string): Promise<void> {
    this.#requireOpen();
    const id = idOf(claim.scope, claim.key);
    const next = decideRelease(this.#records.get(id), claim, reason, this.#clock.now());
    if (next) this.#put(id, next);
  }

  async renew(claim: Claim, leaseMs: number): Promise<Claim> {
    this.#requireOpen();
    checkDuration('leaseMs', leaseMs);
    const id = idOf(claim.scope, claim.key);
    const next = decideRenew(this.#records.get(id), claim, leaseMs, this.#clock.now());
    this.#records.set(id, next);
    return { ...claim, leaseExpiresAtMs: next.leaseExpiresAtMs };
  }

  async find(scope: string, key: string): Promise<IdempotencyRecord | undefined> {
    this.#requireOpen();
    checkSubject(scope, key);
    const found = this.#records.get(idOf(scope, key));
    return isCurrent(found, this.#clock.now()) ? found : undefined;
  }

  async list(query: ListQuery = {}): Promise<RecordPage> {
    this.#requireOpen();
    const limit = query.limit ?? 100;
    checkLimit('limit', limit, 1000);
    const nowMs = this.#clock.now();
    const records = [...this.#records.values()]
      .filter((record) => isCurrent(record, nowMs) && matches(record, query))
      .sort(compareSubjects)
      .slice(0, limit);
    const last = records.length === limit ? records[limit - 1] : undefined;
    return { records, next: last && { scope: last.scope, key: last.key } };
  }

  async forget(scope: string, key: string): Promise<boolean> {
    this.#requireOpen();
    checkSubject(scope, key);
    const id = idOf(scope, key);
    const current = isCurrent(this.#records.get(id), this.#clock.now());
    this.#records.delete(id);
    return current;
  }

  async purgeExpired(limit = 1000): Promise<number> {
    this.#requireOpen();
    checkLimit('limit', limit, 1_000_000);
    const nowMs = this.#clock.now();
    let removed = 0;
    for (const [id, record] of this.#records) {
      if (removed === limit) break;
      if (isCurrent(record, nowMs)) continue;
      this.#records.delete(id);
      removed += 1;
    }
    return removed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#records.clear();
  }

  #put(id: string, record: IdempotencyRecord): void {
    this.#records.delete(id);
    this.#records.set(id, record);
  }

  #makeRoom(nowMs: number): void {
    if (this.#records.size < this.#keysMax) return;
    let looks = 0;
    let evictable: string | undefined;
    for (const [id, record] of this.#records) {
      if (!isCurrent(record, nowMs)) {
        this.#records.delete(id);
        return;
      }
      if (record.state !== 'in-progress') evictable ??= id;
      if (++looks === ROOM_LOOKS_MAX) break;
    }
    if (this.#whenFull === 'evict' && evictable !== undefined) {
      this.#records.delete(evictable);
      return;
    }
    throw new IdempotencyStoreError(
      `the idempotency store in memory is full (${this.#keysMax} keys); raise keysMax, shorten the retention, or use the file store`,
      { retryable: true, details: { keysMax: this.#keysMax } },
    );
  }

  #requireOpen(): void {
    if (this.#closed) throw new IdempotencyStoreError('the idempotency store in memory is closed', { retryable: false });
  }
}

/** Neither part can contain a NUL, so no two pairs share an id. */
function idOf(scope: string, key: string): string {
  return `${scope}\0${key}`;
}
