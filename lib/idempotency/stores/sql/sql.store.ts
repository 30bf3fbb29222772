import { RocketMqError } from '../../../errors/rocketmq-error.js';
import type { Clock } from '../../../runtime/clock.js';
import { IdempotencyStoreError, StaleClaimError } from '../../errors.js';
import {
  DEFAULT_LEASE_MS,
  DEFAULT_RETENTION_MS,
  UNSETTLED_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Completion,
  type IdempotencyRecord,
  type IdempotencyStore,
  type ListQuery,
  type RecordPage,
} from '../../idempotency-store.js';
import { answerOccupied, checkClaimRequest, checkDuration, checkLimit, checkSubject, cutReason, requireHeld } from '../../key-state.js';
import type { SqlDialect } from './dialect.js';
import type { SqlExecutor } from './sql-executor.js';
import { codeOf, toStoreError } from './sql-errors.js';
import { recordOf, resultColumns, SELECTED } from './sql-row.js';
import { identifier, raw, render, sql, type Fragment } from './statement.js';

/** Options of the SQL stores. */
export interface SqlStoreOptions {
  /** Runs the store's own statements, each for itself; usually a pool. */
  readonly executor: SqlExecutor;
  /** Table, optionally `schema.table`; default `idempotency_log`. */
  readonly table?: string;
  /**
   * The transaction of the current call, when there is one, e.g. from an `AsyncLocalStorage`: claims and completions
   * then join it, as with `withExecutor`.
   */
  readonly currentExecutor?: () => SqlExecutor | undefined;
  /**
   * When an open transaction holds the key: `wait` (default) for its end, or answer `in-progress` at once. Only
   * PostgreSQL can answer at once (by an advisory lock; all who claim must use the same value); others wait as their
   * lock timeout says.
   */
  readonly whenBusy?: 'wait' | 'in-progress';
  /** `retryAfterMs` of such an answer, ms: the other transaction's end is not known. Default 1000. */
  readonly busyRetryAfterMs?: number;
  /** Whose time counts. Default: the database's, so that processes need no common clock. A clock is for tests. */
  readonly clock?: Clock;
}

/** A row may be deleted or freed between the insert that met it and the look at it. */
const CLAIM_LOOKS_MAX = 5;

/**
 * Idempotency in a table. Each call runs in one of two modes:
 *
 * **leased**: statements commit by themselves. One claim is acquired among all processes; a crashed holder is taken over
 * after its lease. The work's own effect is not part of this: at least once, and only once unless a process dies (or is
 * overtaken) between the effect and `complete`.
 *
 * **in-transaction** (`withExecutor(tx)`, or `currentExecutor` returning one): claim and completion are statements of
 * the caller's transaction, so they and the effect commit together or not at all: exactly one effect in that database,
 * wherever a process dies. Two transactions with one key: the second waits on the unique key (or see `whenBusy`) until the
 * first ends, then finds `completed`, or after a rollback acquires it. Nothing is left of a rolled back claim, not even
 * its attempt. `release` does nothing: roll back instead; a claim that is committed without its completion is free at
 * once. Under REPEATABLE READ and SERIALIZABLE the waiter gets a serialization failure: a retryable
 * `IdempotencyStoreError` after which the caller rolls back and starts over.
 *
 * Both modes see each other's rows and may be mixed on one table.
 */
export abstract class SqlIdempotencyStore implements IdempotencyStore {
  readonly #table: Fragment;
  readonly #tableName: string;
  #closed = false;

  protected constructor(
    private readonly dialect: SqlDialect,
    private readonly options: SqlStoreOptions,
  ) {
    this.#tableName = options.table ?? 'idempotency_log';
    this.#table = identifier(this.#tableName);
  }

  /** The statements that {@link createSchema} runs, for a migration of your own. */
  ddl(): string[] {
    const [last] = this.#tableName.split('.').slice(-1);
    // 63 characters at most, together with the suffix.
    const index = identifier(`${last.slice(0, 55)}_expiry`);
    return this.dialect.schema(this.#table, index).map((statement) => render(statement, this.dialect.placeholder));
  }

  /** Creates table and index when they are missing; harmless when several processes do so at once. */
  async createSchema(): Promise<void> {
    for (const statement of this.ddl()) {
      try {
        await this.options.executor.query(statement, []);
      } catch (error) {
        if (!this.dialect.schemaRaceCodes.has(codeOf(error))) throw toStoreError('create the schema', this.#tableName, error);
        await this.#guard('create the schema', () => this.options.executor.query(statement, []));
      }
    }
  }

  /** This store within somebody's transaction: see in-transaction above. `close` of the view does nothing. */
  abstract withExecutor(executor: SqlExecutor): IdempotencyStore;

  async claim(request: ClaimRequest): Promise<ClaimResult> {
    checkClaimRequest(request);
    const transaction = this.options.currentExecutor?.();
    if (this.options.whenBusy === 'in-progress' && this.dialect.tryLock) {
      const [{ free }] = await this.#run('claim', this.dialect.tryLock(request));
      if (free !== true) return { state: 'in-progress', retryAfterMs: this.options.busyRetryAfterMs ?? 1000 };
    }
    for (let look = 0; look < CLAIM_LOOKS_MAX; look++) {
      const [inserted] = await this.#run('claim', this.#insert(request, transaction !== undefined));
      if (inserted) return acquired(recordOf(inserted), Boolean(inserted.takenover), transaction !== undefined);
      const [row] = await this.#run('claim', this.#select(request.scope, request.key));
      if (!row) continue;
      const record = recordOf(row);
      const nowMs = Number(row.now);
      const occupied = record.state === 'completed' ? record.expiresAtMs > nowMs : record.state === 'in-progress' && record.leaseExpiresAtMs > nowMs;
      if (occupied) return answerOccupied(record, request, nowMs);
    }
    throw new IdempotencyStoreError(`the key '${request.key}' of '${request.scope}' changed ${CLAIM_LOOKS_MAX} times while it was claimed; do it again`, { retryable: true });
  }

  async complete(claim: Claim, completion: Completion = {}): Promise<void> {
    const retentionMs = completion.retentionMs ?? DEFAULT_RETENTION_MS;
    checkDuration('retentionMs', retentionMs);
    this.#requireSameMode(claim);
    const { kind, json, bytes } = resultColumns(completion.result);
    const now = this.#now();
    const changed = await this.#run(
      'complete',
      sql`UPDATE ${this.#table} SET status = 'completed', result_kind = ${kind}, result_json = ${json}, result_bytes = ${bytes}, reason = NULL,
        expires_at = ${now} + ${this.dialect.bigint(retentionMs)}, updated_at = ${now}
        WHERE ${this.#heldBy(claim)} RETURNING 1 AS one`,
    );
    if (changed.length === 0) await this.#explain('complete', claim);
  }

  async release(claim: Claim, reason?: string): Promise<void> {
    this.#requireSameMode(claim);
    // The rollback is the release; and in PostgreSQL a failed transaction takes no further statement anyway.
    if (claim.transactional) return;
    const now = this.#now();
    const changed = await this.#run(
      'release',
      sql`UPDATE ${this.#table} SET status = 'released', reason = ${cutReason(reason) ?? null},
        expires_at = ${now} + ${this.dialect.bigint(UNSETTLED_RETENTION_MS)}, updated_at = ${now}
        WHERE ${this.#heldBy(claim)} RETURNING 1 AS one`,
    );
    if (changed.length === 0) await this.#explain('release', claim);
  }

  async renew(claim: Claim, leaseMs: number): Promise<Claim> {
    checkDuration('leaseMs', leaseMs);
    // Nobody can see the row before the transaction ends, so nobody can take it over.
    if (claim.transactional) return claim;
    const until = sql`${this.#now()} + ${this.dialect.bigint(leaseMs)}`;
    const lease = this.dialect.greatest(raw('lease_until'), until);
    const [row] = await this.#run(
      'renew',
      sql`UPDATE ${this.#table} SET lease_until = ${lease}, expires_at = ${lease} + ${this.dialect.bigint(UNSETTLED_RETENTION_MS)}
        WHERE ${this.#heldBy(claim)} RETURNING ${SELECTED}`,
    );
    if (!row) await this.#explain('renew', claim);
    return { ...claim, leaseExpiresAtMs: recordOf(row).leaseExpiresAtMs };
  }

  async find(scope: string, key: string): Promise<IdempotencyRecord | undefined> {
    checkSubject(scope, key);
    const [row] = await this.#run('find', this.#select(scope, key));
    if (!row) return undefined;
    const record = recordOf(row);
    return record.expiresAtMs > Number(row.now) ? record : undefined;
  }

  async list(query: ListQuery = {}): Promise<RecordPage> {
    const limit = query.limit ?? 100;
    checkLimit('limit', limit, 1000);
    const order = this.dialect.byteOrder;
    const conditions = [sql`expires_at > ${this.#now()}`];
    if (query.scope !== undefined) conditions.push(sql`scope = ${query.scope}`);
    if (query.state !== undefined) conditions.push(sql`status = ${query.state}`);
    if (query.after) {
      const { scope, key } = query.after;
      conditions.push(sql`(scope ${order} > ${scope} OR (scope = ${scope} AND business_key ${order} > ${key}))`);
    }
    const where = conditions.reduce((all, next) => sql`${all} AND ${next}`);
    const rows = await this.#run(
      'list',
      sql`SELECT ${SELECTED} FROM ${this.#table} WHERE ${where} ORDER BY scope ${order}, business_key ${order} LIMIT ${limit}`,
    );
    const records = rows.map(recordOf);
    const last = records.length === limit ? records[limit - 1] : undefined;
    return { records, next: last && { scope: last.scope, key: last.key } };
  }

  async forget(scope: string, key: string): Promise<boolean> {
    checkSubject(scope, key);
    const [row] = await this.#run('forget', sql`DELETE FROM ${this.#table} WHERE ${subject(scope, key)} RETURNING expires_at AS "expires", ${this.#now()} AS "now"`);
    return row !== undefined && Number(row.expires) > Number(row.now);
  }

  async purgeExpired(limit = 1000): Promise<number> {
    checkLimit('limit', limit, 1_000_000);
    const rows = await this.#run(
      'purge',
      sql`DELETE FROM ${this.#table} WHERE (scope, business_key) IN (SELECT scope, business_key FROM ${this.#table}
        WHERE expires_at <= ${this.#now()} ORDER BY expires_at LIMIT ${limit} ${this.dialect.skipLocked}) RETURNING 1 AS one`,
    );
    return rows.length;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Insert first: the unique key decides among all who try. A row that is free is taken over in the same statement. */
  #insert(request: ClaimRequest, transactional: boolean): Fragment {
    const now = this.#now();
    // In a transaction the lock on the row is the lease; were the row committed uncompleted, it must be free at once.
    const until = transactional ? now : sql`${now} + ${this.dialect.bigint(request.leaseMs ?? DEFAULT_LEASE_MS)}`;
    const fresh = sql`(r.expires_at <= ${now})`;
    return sql`INSERT INTO ${this.#table} AS r (scope, business_key, status, token, owner, attempt, taken_over, fingerprint, lease_until, expires_at, created_at, updated_at)
      VALUES (${request.scope}, ${request.key}, 'in-progress', ${now}, ${request.owner}, 1, 0, ${request.fingerprint ?? null},
        ${until}, ${until} + ${this.dialect.bigint(UNSETTLED_RETENTION_MS)}, ${now}, ${now})
      ON CONFLICT (scope, business_key) DO UPDATE SET status = 'in-progress', token = ${this.dialect.greatest(raw('r.token + 1'), raw('excluded.token'))},
        owner = excluded.owner, attempt = CASE WHEN ${fresh} THEN 1 ELSE r.attempt + 1 END,
        taken_over = CASE WHEN r.status = 'in-progress' AND NOT ${fresh} THEN 1 ELSE 0 END,
        fingerprint = excluded.fingerprint, lease_until = excluded.lease_until, expires_at = excluded.expires_at,
        updated_at = excluded.updated_at, result_kind = 'none', result_json = NULL, result_bytes = NULL, reason = NULL
      WHERE r.status = 'released' OR (r.status = 'in-progress' AND r.lease_until <= ${now}) OR ${fresh}
      RETURNING ${SELECTED}`;
  }

  #select(scope: string, key: string): Fragment {
    return sql`SELECT ${SELECTED}, ${this.#now()} AS "now" FROM ${this.#table} WHERE ${subject(scope, key)}`;
  }

  #heldBy(claim: Claim): Fragment {
    return sql`${subject(claim.scope, claim.key)} AND token = ${this.dialect.bigint(claim.token)} AND owner = ${claim.owner} AND status = 'in-progress' AND expires_at > ${this.#now()}`;
  }

  /** Nothing was changed: either the same call got through before (fine), or the claim is stale (throws). */
  async #explain(verb: 'complete' | 'release' | 'renew', claim: Claim): Promise<void> {
    const [row] = await this.#run(verb, this.#select(claim.scope, claim.key));
    const held = requireHeld(verb, row && recordOf(row), claim, Number(row?.now));
    if (held.state === 'in-progress') throw new StaleClaimError(verb, claim, 'the key was being changed at the same moment');
  }

  /** A row that only the transaction can see must not be completed outside of it, nor the other way round by accident. */
  #requireSameMode(claim: Claim): void {
    const inTransaction = this.options.currentExecutor?.() !== undefined;
    if (claim.transactional === inTransaction || !claim.transactional) return;
    throw new RocketMqError(
      'OPTION_INVALID',
      `the claim on '${claim.key}' was made in a transaction and is settled outside of it; use the same withExecutor(tx) view, or keep the context of currentExecutor`,
    );
  }

  #now(): Fragment {
    return this.options.clock ? this.dialect.bigint(Math.floor(this.options.clock.now())) : this.dialect.now;
  }

  async #run(verb: string, statement: Fragment): Promise<Record<string, unknown>[]> {
    if (this.#closed) throw new IdempotencyStoreError(`the idempotency store on ${this.#tableName} is closed`, { retryable: false });
    const executor = this.options.currentExecutor?.() ?? this.options.executor;
    const { rows } = await this.#guard(verb, () => executor.query(render(statement, this.dialect.placeholder), statement.params));
    return rows;
  }

  async #guard<T>(verb: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw toStoreError(verb, this.#tableName, error);
    }
  }
}

function subject(scope: string, key: string): Fragment {
  return sql`scope = ${scope} AND business_key = ${key}`;
}

function acquired(record: IdempotencyRecord, takenOver: boolean, transactional: boolean): ClaimResult {
  const { scope, key, owner, token, attempt, leaseExpiresAtMs, fingerprint } = record;
  return { state: 'acquired', claim: { scope, key, owner, token, attempt, leaseExpiresAtMs, fingerprint, transactional }, takenOver };
}
