import { IdempotencyStoreError } from '../../errors.js';
import type { IdempotencyRecord, JsonValue, RecordedResult, RecordState } from '../../idempotency-store.js';
import { raw } from './statement.js';

/** Every column under a name of one lower-case word, which plugins that rename columns leave alone. */
export const SELECTED = raw(
  'scope AS "scope", business_key AS "key", status AS "status", token AS "token", owner AS "owner", attempt AS "attempt", taken_over AS "takenover", ' +
    'fingerprint AS "fingerprint", lease_until AS "lease", expires_at AS "expires", updated_at AS "updated", ' +
    'result_kind AS "kind", result_json AS "json", result_bytes AS "bytes", reason AS "reason"',
);

/** The columns of a result. */
export function resultColumns(result: RecordedResult = { kind: 'none' }): { kind: string; json: string | null; bytes: Buffer | null } {
  return {
    kind: result.kind,
    json: result.kind === 'json' ? JSON.stringify(result.value) : null,
    bytes: result.kind === 'bytes' ? Buffer.from(result.bytes.buffer, result.bytes.byteOffset, result.bytes.byteLength) : null,
  };
}

/** A row as a record. 64-bit integers arrive as numbers, text or `bigint`, depending on the driver. */
export function recordOf(row: Record<string, unknown>): IdempotencyRecord {
  return {
    scope: String(row.scope),
    key: String(row.key),
    state: stateOf(row.status),
    owner: String(row.owner),
    token: Number(row.token),
    attempt: Number(row.attempt),
    fingerprint: textOrNothing(row.fingerprint),
    leaseExpiresAtMs: Number(row.lease),
    expiresAtMs: Number(row.expires),
    updatedAtMs: Number(row.updated),
    result: resultOf(row),
    reason: textOrNothing(row.reason),
  };
}

function resultOf(row: Record<string, unknown>): RecordedResult {
  if (row.kind === 'json') return { kind: 'json', value: JSON.parse(String(row.json)) as JsonValue };
  if (row.kind === 'bytes') return { kind: 'bytes', bytes: bytesOf(row.bytes) };
  return { kind: 'none' };
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  // libsql returns bare buffers.
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw unreadable('result_bytes', value);
}

function stateOf(value: unknown): RecordState {
  if (value === 'in-progress' || value === 'completed' || value === 'released') return value;
  throw unreadable('status', value);
}

function textOrNothing(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function unreadable(column: string, value: unknown): IdempotencyStoreError {
  return new IdempotencyStoreError(`the column ${column} holds ${String(value)}, which this program did not write; is the table used by something else?`, {
    retryable: false,
    details: { column },
  });
}
