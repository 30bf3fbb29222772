import { canonicalJson } from './fingerprint.js';
import type { JsonValue, RecordedResult } from './idempotency-store.js';

const NONE: RecordedResult = { kind: 'none' };

/**
 * What can be recorded of a handler's return value: `undefined` as none, bytes as bytes, the rest as JSON. Throws
 * `TypeError` when the value would not come back as it is (functions, cycles, `bigint`, not-a-number, …): a duplicate
 * must not see another result than the first caller, apart from `toJSON` (a date comes back as its text).
 */
export function toRecordedResult(value: unknown): RecordedResult {
  if (value === undefined) return NONE;
  if (value instanceof Uint8Array) return { kind: 'bytes', bytes: value };
  rejectUnfaithful(value, 'result');
  return { kind: 'json', value: JSON.parse(canonicalJson(value)) as JsonValue };
}

/** The value a duplicate gets: the reverse of {@link toRecordedResult}. */
export function fromRecordedResult(result: RecordedResult): JsonValue | Uint8Array | undefined {
  if (result.kind === 'none') return undefined;
  return result.kind === 'bytes' ? result.bytes : result.value;
}

/** `JSON.stringify` turns these silently into null or nothing; cycles and `bigint` it refuses by itself. */
function rejectUnfaithful(value: unknown, path: string, seen: readonly unknown[] = []): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which JSON cannot say`);
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`${path} is a ${typeof value}, which JSON cannot say`);
  if (typeof value !== 'object' || value === null) return;
  if (seen.includes(value)) throw new TypeError(`${path} refers back to what contains it`);
  if (value instanceof Map || value instanceof Set) throw new TypeError(`${path} is a ${value.constructor.name}, which JSON would write as {}`);
  if ('toJSON' in value) return;
  for (const [name, inner] of Object.entries(value)) {
    // A missing field and an undefined one are the same to every reader of JSON.
    if (inner !== undefined) rejectUnfaithful(inner, `${path}.${name}`, [...seen, value]);
  }
}
