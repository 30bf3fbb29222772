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
/** Bytes before the body. */
export const PREFIX_BYTES = 12;
/** Bytes of the body before the texts. */
const FIXED_BYTES = 62;
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
  const result = encodeResult(record.result);
  const texts = [record.scope, record.key, record.owner, record.fingerprint ?? '', record.reason ?? ''];
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const bodyBytes = FIXED_BYTES + sizes.reduce((sum, size) => sum + size, 0) + result.byteLength;
  if (bodyBytes > BODY_BYTES_MAX) throw new RangeError(`the record of '${record.key}' has ${bodyBytes} bytes; at most ${BODY_BYTES_MAX} can be stored`);
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + bodyBytes);
  const body = bytes.subarray(PREFIX_BYTES);
  body[0] = KINDS.indexOf(entry.kind === 'state' ? record.state : entry.kind);
  body[1] = RESULT_KINDS.indexOf(record.result.kind);
  body[2] = (record.fingerprint === undefined ? 0 : HAS_FINGERPRINT) | (record.reason === undefined ? 0 : HAS_REASON);
  body[3] = 0;
  body.writeUInt32BE(record.attempt, 4);
  [syncedTo, record.token, record.leaseExpiresAtMs, record.expiresAtMs, record.updatedAtMs].forEach((value, index) => body.writeDoubleBE(value, 8 + 8 * index));
  sizes.forEach((size, index) => body.writeUInt16BE(size, 48 + 2 * index));
  body.writeUInt32BE(result.byteLength, 58);
  let at = FIXED_BYTES;
  for (const text of texts) at += body.write(text, at);
  body.set(result, at);
  RECORD_MARKER.copy(bytes, 0);
  bytes.writeUInt32BE(bodyBytes, 4);
  bytes.writeUInt32BE(crc32(body), 8);
  return bytes;
}

/** Length of the body that a prefix announces; `undefined` when these bytes are no prefix. */
export function bodyLengthOf(prefix: Buffer): number | undefined {
  if (!prefix.subarray(0, 4).equals(RECORD_MARKER)) return undefined;
  const length = prefix.readUInt32BE(4);
  return length >= FIXED_BYTES && length <= BODY_BYTES_MAX ? length : undefined;
}

/** Whether prefix and body belong together. `bytes` is the whole record. */
export function isIntact(bytes: Buffer): boolean {
  return crc32(bytes.subarray(PREFIX_BYTES)) === bytes.readUInt32BE(8);
}

/** Reads a whole, intact record. Throws `RangeError` when the lengths inside contradict each other (a foreign writer). */
export function decodeEntry(bytes: Buffer): DecodedEntry {
  const body = bytes.subarray(PREFIX_BYTES);
  const kind = KINDS[body[0]];
  const resultKind = RESULT_KINDS[body[1]];
  const sizes = [0, 1, 2, 3, 4].map((index) => body.readUInt16BE(48 + 2 * index));
  const resultBytes = body.readUInt32BE(58);
  const total = FIXED_BYTES + sizes.reduce((sum, size) => sum + size, 0) + resultBytes;
  if (kind === undefined || resultKind === undefined || total !== body.byteLength) {
    throw new RangeError(`unknown record: kind ${body[0]}, result ${body[1]}, ${total} of ${body.byteLength} bytes accounted for`);
  }
  let at = FIXED_BYTES;
  const [scope, key, owner, fingerprint, reason] = sizes.map((size) => body.toString('utf8', at, (at += size)));
  const syncedTo = body.readDoubleBE(8);
  const token = body.readDoubleBE(16);
  if (kind === 'mark') return { syncedTo, entry: { kind, token } };
  if (kind === 'forgotten') return { syncedTo, entry: { kind, scope, key, token } };
  const record: IdempotencyRecord = {
    scope,
    key,
    state: kind,
    owner,
    token,
    attempt: body.readUInt32BE(4),
    fingerprint: body[2] & HAS_FINGERPRINT ? fingerprint : undefined,
    leaseExpiresAtMs: body.readDoubleBE(24),
    expiresAtMs: body.readDoubleBE(32),
    updatedAtMs: body.readDoubleBE(40),
    result: decodeResult(resultKind, body.subarray(at)),
    reason: body[2] & HAS_REASON ? reason : undefined,
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
