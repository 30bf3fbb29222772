import { RocketMqError } from '../../errors/rocketmq-error.js';
import { parseFastJson, stringifyFastJson } from './fast-json.js';

/**
 * Turns a parsed value into a typed one. As Java's readers do, absent and `null` members take defaults, unknown ones are
 * ignored, and numbers may come as text; anything else of a wrong type is an error that names the `path`.
 */
export type Decoder<T> = (value: unknown, path: string) => T;

/** Decodes a body. @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeBody<T>(body: string | Buffer, decoder: Decoder<T>, what: string): T {
  return decoder(parseFastJson(body), what);
}

/** Encodes a body. */
export function encodeBody(value: object): Buffer {
  return Buffer.from(stringifyFastJson(value));
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function wrong(path: string, value: unknown, expected: string): RocketMqError {
  const found = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'an object') : `${typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : String(value)}`;
  return new RocketMqError('PROTOCOL_MALFORMED_BODY', `"${path.slice(0, 200)}" is ${found}; expected ${expected}`, { details: { path: path.slice(0, 200) } });
}

/** An integer within ±2^53. */
export function integer(fallback = 0): Decoder<number> {
  return (value, path) => {
    if (isAbsent(value)) return fallback;
    const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw wrong(path, value, 'an integer within ±2^53');
    return number;
  };
}

/** An integer of 64 bits as the nearest number, for values that are only compared. */
export function wideInteger(fallback = 0): Decoder<number> {
  return (value, path) => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : integer(fallback)(value, path));
}

/** Any number. */
export function double(fallback = 0): Decoder<number> {
  return (value, path) => {
    if (isAbsent(value)) return fallback;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || Number.isNaN(number)) throw wrong(path, value, 'a number');
    return number;
  };
}

/** A string; numbers and booleans are taken as their text. */
export function text(fallback = ''): Decoder<string> {
  return (value, path) => {
    if (isAbsent(value)) return fallback;
    if (typeof value === 'string') return value;
    if (typeof value === 'object') throw wrong(path, value, 'a string');
    return String(value);
  };
}

/** A boolean; also as the texts `true` and `false`. */
export function bool(fallback = false): Decoder<boolean> {
  return (value, path) => {
    if (isAbsent(value)) return fallback;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw wrong(path, value, 'true or false');
  };
}

/** A Java enum: its name in any case, or its ordinal, which is the index in `values`; others read as `fallback`. */
export function oneOf<const T extends string, F>(values: readonly T[], fallback: F): Decoder<T | F> {
  return (value, path) => {
    if (isAbsent(value)) return fallback;
    if (typeof value === 'object') throw wrong(path, value, `one of ${values.join(', ')}`);
    if (typeof value === 'number') return values[value] ?? fallback;
    const name = String(value).toUpperCase();
    return values.find((candidate) => candidate.toUpperCase() === name) ?? fallback;
  };
}

/** `undefined` when absent. */
export function optionally<T>(decoder: Decoder<T>): Decoder<T | undefined> {
  return (value, path) => (isAbsent(value) ? undefined : decoder(value, path));
}

/** A list; absent: empty. Nulls in it are dropped. */
export function list<T>(item: Decoder<T>): Decoder<T[]> {
  return (value, path) => {
    if (isAbsent(value)) return [];
    if (!Array.isArray(value)) throw wrong(path, value, 'a list');
    return value.filter((entry) => !isAbsent(entry)).map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

/** A map with string or integer keys; absent: empty. Nulls in it are dropped. */
export function record<T>(item: Decoder<T>): Decoder<Record<string, T>> {
  return (value, path) => {
    if (isAbsent(value)) return {};
    const entries = entriesOf(value, path).filter(([, entry]) => !isAbsent(entry));
    return Object.fromEntries(entries.map(([key, entry]) => [key, item(entry, `${path}.${key}`)]));
  };
}

/**
 * A map with objects as keys; the result has their canonical JSON. Also taken: the form in which each key is a string that
 * holds the object's JSON.
 */
export function objectKeyed<T>(item: Decoder<T>): Decoder<Map<string, T>> {
  return (value, path) => {
    const result = new Map<string, T>();
    if (isAbsent(value)) return result;
    for (const [key, entry] of entriesOf(value, path)) {
      if (isAbsent(entry)) continue;
      if (!key.startsWith('{')) throw wrong(`${path}.${key}`, key, 'an object as the key');
      const canonical = value instanceof Map ? key : stringifyFastJson(parseFastJson(key));
      result.set(canonical, item(entry, `${path}.${canonical}`));
    }
    return result;
  };
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, unknown>)];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, value, 'an object');
  return Object.entries(value);
}

/** A decoder for every member of `T`. */
export type MemberDecoders<T> = { readonly [K in keyof Required<T>]: Decoder<T[K]> };

/** An object with known members; `undefined` results are left out, members not named are ignored. */
export function object<T extends object>(members: MemberDecoders<T>): Decoder<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) throw wrong(path, value, 'an object');
    const source = value as Readonly<Record<string, unknown>>;
    const result: Partial<T> = {};
    for (const name of names) {
      const member = members[name](Object.hasOwn(source, name) ? source[name] : undefined, `${path}.${name}`);
      if (member !== undefined) result[name] = member;
    }
    return result as T;
  };
}
