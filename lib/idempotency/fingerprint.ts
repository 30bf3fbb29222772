import { createHash } from 'node:crypto';

/**
 * Digest of a payload, for telling whether a key comes back with other content: SHA-256 in hex. Bytes are taken as they
 * are, text as UTF-8, anything else in its canonical JSON form, so that the order of an object's fields does not matter.
 * Throws `TypeError` on what JSON cannot say (functions, cycles, `bigint`).
 */
export function fingerprintOf(payload: unknown): string {
  return createHash('sha256').update(bytesOf(payload)).digest('hex');
}

function bytesOf(payload: unknown): Uint8Array | string {
  if (payload instanceof Uint8Array) return payload;
  return typeof payload === 'string' ? payload : canonicalJson(payload);
}

/**
 * JSON with object fields in one order, whatever order they were set in, and without blanks. `toJSON` is honoured and
 * undefined fields are left out, as in `JSON.stringify`, so a payload and its parsed text have one form. The order is
 * V8's for sorted names: whole numbers first by value, then the rest by code units.
 */
export function canonicalJson(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, (_name, inner: unknown) => (isPlainHolder(inner) ? sorted(inner) : inner));
  if (text === undefined) throw new TypeError(`a ${typeof value} has no JSON form and so no fingerprint`);
  return text;
}

function isPlainHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The copy has no prototype, so that a field named `__proto__` stays a field. */
function sorted(holder: Record<string, unknown>): Record<string, unknown> {
  const copy = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(holder).sort()) copy[name] = holder[name];
  return copy;
}
