export {
  FingerprintMismatchError,
  IdempotencyKeyMissingError,
  IdempotencyStoreError,
  InProgressElsewhereError,
  ResultNotRecordableError,
  StaleClaimError,
} from '../idempotency/errors.js';
export { IDEMPOTENCY_CHANNEL_PREFIX, type IdempotencyEvent, type IdempotencyEvents, type IdempotencyObserver } from '../idempotency/events.js';
export { canonicalJson, fingerprintOf } from '../idempotency/fingerprint.js';
export {
  DEFAULT_LEASE_MS,
  DEFAULT_RETENTION_MS,
  UNSETTLED_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Completion,
  type IdempotencyRecord,
  type IdempotencyStore,
  type JsonValue,
  type ListQuery,
  type RecordedResult,
  type RecordPage,
  type RecordState,
} from '../idempotency/idempotency-store.js';
export {
  consumerScope,
  firstOf,
  fromMessageKeys,
  fromPayload,
  fromUniqueKey,
  keyInputOf,
  takeKey,
  type KeyedMessage,
  type KeyInput,
  type KeySource,
} from '../idempotency/key.js';
export { PurgeSchedule, type PurgeScheduleOptions } from '../idempotency/purge-schedule.js';
export { fromRecordedResult, toRecordedResult } from '../idempotency/recorded-result.js';
export { IdempotentRunner, type IdempotentRunnerOptions, type RunContext, type RunOutcome, type RunRequest } from '../idempotency/runner.js';
export type { Durability } from '../idempotency/stores/file/journal.js';
export { FileIdempotencyStore, type FileStoreOptions } from '../idempotency/stores/file.store.js';
export { MemoryIdempotencyStore, type MemoryStoreOptions } from '../idempotency/stores/memory.store.js';
export { PostgresqlIdempotencyStore } from '../idempotency/stores/postgresql.store.js';
export {
  kyselyExecutor,
  pgExecutor,
  sqliteExecutor,
  type KyselyQueryable,
  type KyselyStatement,
  type PgQueryable,
  type SqlExecutor,
  type SqliteQueryable,
  type SqlResult,
} from '../idempotency/stores/sql/sql-executor.js';
export { SqlIdempotencyStore, type SqlStoreOptions } from '../idempotency/stores/sql/sql.store.js';
export { SqliteIdempotencyStore } from '../idempotency/stores/sqlite.store.js';
