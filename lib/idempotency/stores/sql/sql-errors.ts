import { RocketMqError } from '../../../errors/rocketmq-error.js';
import { IdempotencyStoreError } from '../../errors.js';

/** PostgreSQL conditions after which the same transaction may succeed when it is done again. */
const RETRYABLE_STATES: ReadonlySet<string> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '23505', // unique_violation: somebody inserted the key at the same moment
  '57014', // query_canceled, e.g. by statement_timeout
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);
const RETRYABLE_CODES = /^(SQLITE_BUSY|SQLITE_LOCKED|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|08[0-9A-Z]{3}$)/;
/** What drivers say, without a code, of a connection that went away. */
const CONNECTION_LOST = /connection (is )?(terminated|closed|ended)|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** The typed form of a driver's error: retryable when doing the whole transaction again may succeed. */
export function toStoreError(verb: string, table: string, error: unknown): RocketMqError {
  if (error instanceof RocketMqError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const retryable = RETRYABLE_STATES.has(code) || RETRYABLE_CODES.test(code) || (code === '' && CONNECTION_LOST.test(message));
  const remedy = retryable ? 'roll back and do it again' : 'see the cause';
  return new IdempotencyStoreError(`cannot ${verb} in the table ${table}${code && ` (${code})`}: ${message}; ${remedy}`, {
    retryable,
    cause: error,
    details: { verb, table, code },
  });
}

/** The driver's code: an SQLSTATE, `SQLITE_…` or the system's; empty when there is none. */
export function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
