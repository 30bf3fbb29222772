import { crc32 } from 'node:zlib';

import type { IdempotencyRecord, JsonValue, RecordedResult, RecordState } from '../../idempotency-store.js';

/*
 * The journal of the file store. Integers are big-endian, times are milliseconds since the epoch.
 *
 *   file header   8  "NRMQIDEM"
 *                 4  format version, 1
 *                 4  0
 *   then records  4  marker A5 1D E0 9C
 *                 4  length of the body
 *                 4  CRC-32 of the body
 *                 n  body
 *
 *   body          1  kind: 1 in progress, 2 completed, 3 released, 4 forgotten, 5 mark (no key)
 *                 1  result: 0 none, 1 JSON, 2 bytes
 *                 1  1 when there is a fingerprint, +2 when there is a reason
 *                 1  0
 *                 4  attempt
 *                 8  syncedTo: everything before this byte of the file had been synced when this was written
 *                 8  token, as a double (as are the next three)
 *                 8  end of the lease
 *                 8  expiry
 *                 8  last change
 *                 2+2+2+2+2+4   lengths of scope, key, owner, fingerprint, reason, result
 *                 ... scope, key, owner, fingerprint, reason (UTF-8), result
 *
 * Each record is the whole state of its key; the last one of a key counts.
 */

export const FILE_HEADER = Buffer.from('NRMQIDEM\0\0\0\x01\0\0\0\0', 'latin1');
export const RECORD_MARKER = Buffer.from([0xa5, 0x1d, 0xe0, 0x9c]);
const MARKER_NUMBER = RECORD_MARKER.readUInt32BE(0);
/** Bytes before the body. */
export const PREFIX_BYTES = 12;
/** Bytes of the body before the texts. */
const FIXED_BYTES = 62;
/** Where the lengths of the texts stand, counted from the start of the prefix. */
const LENGTHS_AT = PREFIX_BYTES + 48;
/** Largest body; a length above it is damage. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;

const KINDS: readonly (RecordState | 'forgotten' | 'mark' | undefined)[] = [undefined, 'in-progress', 'completed', 'released', 'forgotten', 'mark'];
const RESULT_KINDS = ['none', 'json', 'bytes'] as const;
const HAS_FINGERPRINT = 1;
const HAS_REASON = 2;

/** What stands in one journal record. */
export type JournalEntry =
  | { readonly kind: 'state'; readonly record: IdempotencyRecord }
  | { readonly kind: 'forgotten'; readonly scope: string; readonly key: string; readonly token: number }
  /** Keeps the highest token and the synced position when no record does. */
  | { readonly kind: 'mark'; readonly token: number };

/** An entry with what it says of the journal itself. */
export interface DecodedEntry {
  readonly entry: JournalEntry;
  readonly syncedTo: number;
}

const EMPTY: IdempotencyRecord = {
  scope: '',
  key: '',
  state: 'in-progress',
  owner: '',
  token: 0,
  attempt: 0,
  leaseExpiresAtMs: 0,
  expiresAtMs: 0,
  updatedAtMs: 0,
  result: { kind: 'none' },
};

/** The bytes of an entry, prefix included. Throws `RangeError` when it exceeds {@link BODY_BYTES_MAX}. */
export function encodeEntry(entry: JournalEntry, syncedTo: number): Buffer {
  const record = entry.kind === 'state' ? entry.record : { ...EMPTY, ...entry };
  const { scope, key, owner, fingerprint = '', reason = '' } = record;
  const result = encodeResult(record.result);
  const textBytes = Buffer.byteLength(scope) + Buffer.byteLength(key) + Buffer.byteLength(owner) + Buffer.byteLength(fingerprint) + Buffer.byteLength(reason);
  const bodyBytes = FIXED_BYTES + textBytes + result.byteLength;
  if (bodyBytes > BODY_BYTES_MAX) throw new RangeError(`the record of '${key}' has ${bodyBytes} bytes; at most ${BODY_BYTES_MAX} can be stored`);
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + bodyBytes);
  let at = PREFIX_BYTES + FIXED_BYTES;
  at = writeText(bytes, scope, at, LENGTHS_AT);
  at = writeText(bytes, key, at, LENGTHS_AT + 2);
  at = writeText(bytes, owner, at, LENGTHS_AT + 4);
  at = writeText(bytes, fingerprint, at, LENGTHS_AT + 6);
  at = writeText(bytes, reason, at, LENGTHS_AT + 8);
  bytes.writeUInt32BE(result.byteLength, LENGTHS_AT + 10);
  bytes.set(result, at);
  bytes[PREFIX_BYTES] = KINDS.indexOf(entry.kind === 'state' ? record.state : entry.kind);
  bytes[PREFIX_BYTES + 1] = RESULT_KINDS.indexOf(record.result.kind);
  bytes[PREFIX_BYTES + 2] = (record.fingerprint === undefined ? 0 : HAS_FINGERPRINT) | (record.reason === undefined ? 0 : HAS_REASON);
  bytes[PREFIX_BYTES + 3] = 0;
  bytes.writeUInt32BE(record.attempt, PREFIX_BYTES + 4);
  bytes.writeDoubleBE(syncedTo, PREFIX_BYTES + 8);
  bytes.writeDoubleBE(record.token, PREFIX_BYTES + 16);
  bytes.writeDoubleBE(record.leaseExpiresAtMs, PREFIX_BYTES + 24);
  bytes.writeDoubleBE(record.expiresAtMs, PREFIX_BYTES + 32);
  bytes.writeDoubleBE(record.updatedAtMs, PREFIX_BYTES + 40);
  bytes.set(RECORD_MARKER, 0);
  bytes.writeUInt32BE(bodyBytes, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(PREFIX_BYTES)), 8);
  return bytes;
}

function writeText(bytes: Buffer, text: string, at: number, lengthAt: number): number {
  const length = bytes.write(text, at);
  bytes.writeUInt16BE(length, lengthAt);
  return at + length;
}

/** Length of the body that a prefix announces; `undefined` when these bytes are no prefix. */
export function bodyLengthOf(prefix: Buffer): number | undefined {
  if (prefix.readUInt32BE(0) !== MARKER_NUMBER) return undefined;
  const length = prefix.readUInt32BE(4);
  return length >= FIXED_BYTES && length <= BODY_BYTES_MAX ? length : undefined;
}

/** Whether prefix and body belong together. `bytes` is the whole record. */
export function isIntact(bytes: Buffer): boolean {
  return crc32(bytes.subarray(PREFIX_BYTES)) === bytes.readUInt32BE(8);
}

/** Reads a whole, intact record. Throws `RangeError` when the lengths inside contradict each other (a foreign writer). */
export function decodeEntry(bytes: Buffer): DecodedEntry {
  const kind = KINDS[bytes[PREFIX_BYTES]];
  const resultKind = RESULT_KINDS[bytes[PREFIX_BYTES + 1]];
  const flags = bytes[PREFIX_BYTES + 2];
  const scopeEnd = PREFIX_BYTES + FIXED_BYTES + bytes.readUInt16BE(LENGTHS_AT);
  const keyEnd = scopeEnd + bytes.readUInt16BE(LENGTHS_AT + 2);
  const ownerEnd = keyEnd + bytes.readUInt16BE(LENGTHS_AT + 4);
  const fingerprintEnd = ownerEnd + bytes.readUInt16BE(LENGTHS_AT + 6);
  const reasonEnd = fingerprintEnd + bytes.readUInt16BE(LENGTHS_AT + 8);
  const total = reasonEnd + bytes.readUInt32BE(LENGTHS_AT + 10);
  if (kind === undefined || resultKind === undefined || total !== bytes.length) {
    throw new RangeError(`unknown record: kind ${bytes[PREFIX_BYTES]}, result ${bytes[PREFIX_BYTES + 1]}, ${total} of ${bytes.length} bytes accounted for`);
  }
  const syncedTo = bytes.readDoubleBE(PREFIX_BYTES + 8);
  const token = bytes.readDoubleBE(PREFIX_BYTES + 16);
  if (kind === 'mark') return { syncedTo, entry: { kind, token } };
  const scope = bytes.toString('utf8', PREFIX_BYTES + FIXED_BYTES, scopeEnd);
  const key = bytes.toString('utf8', scopeEnd, keyEnd);
  if (kind === 'forgotten') return { syncedTo, entry: { kind, scope, key, token } };
  const record: IdempotencyRecord = {
    scope,
    key,
    state: kind,
    owner: bytes.toString('utf8', keyEnd, ownerEnd),
    token,
    attempt: bytes.readUInt32BE(PREFIX_BYTES + 4),
    fingerprint: flags & HAS_FINGERPRINT ? bytes.toString('utf8', ownerEnd, fingerprintEnd) : undefined,
    leaseExpiresAtMs: bytes.readDoubleBE(PREFIX_BYTES + 24),
    expiresAtMs: bytes.readDoubleBE(PREFIX_BYTES + 32),
    updatedAtMs: bytes.readDoubleBE(PREFIX_BYTES + 40),
    result: decodeResult(resultKind, bytes.subarray(reasonEnd)),
    reason: flags & HAS_REASON ? bytes.toString('utf8', fingerprintEnd, reasonEnd) : undefined,
  };
  return { syncedTo, entry: { kind: 'state', record } };
}

function encodeResult(result: RecordedResult): Uint8Array {
  if (result.kind === 'none') return new Uint8Array(0);
  return result.kind === 'bytes' ? result.bytes : Buffer.from(JSON.stringify(result.value));
}

function decodeResult(kind: RecordedResult['kind'], bytes: Buffer): RecordedResult {
  if (kind === 'none') return { kind };
  // A copy: the bytes around belong to a read buffer that is used again.
  return kind === 'bytes' ? { kind, bytes: Uint8Array.from(bytes) } : { kind, value: JSON.parse(bytes.toString()) as JsonValue };
}
