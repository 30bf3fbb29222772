import { RocketMqError } from '../errors/rocketmq-error.js';
import type { ExtFields } from './remoting-command.js';

/**
 * The types a header field can have. Everything travels as text; 64-bit integers become `number` after a check of the safe
 * range (`long`). Where peers really use more (`Long.MAX_VALUE` as "no end", nanoseconds as a version) and the value is only
 * compared, `wideLong` gives the nearest number; where every digit counts, `bigint`.
 */
interface FieldTypes {
  readonly string: string;
  readonly int: number;
  readonly long: number;
  readonly wideLong: number;
  readonly bigint: bigint;
  readonly boolean: boolean;
  readonly double: number;
}

/** Name of a field type. */
export type FieldType = keyof FieldTypes;

/** One header field: its type, whether it must be there, its value when absent, and its name on the wire. */
export interface FieldSpec<T extends FieldType = FieldType, R extends boolean = boolean> {
  readonly type: T;
  readonly required: R;
  /** Wire name when it differs from the property name (the short keys of SEND_MESSAGE_V2). */
  readonly wireName?: string;
  /** Value of an absent field; a field with a default is never `undefined` after decoding. */
  readonly fallback?: FieldTypes[T];
}

/** A header: property name → field. */
export type HeaderSpec = Readonly<Record<string, FieldSpec>>;

type RequiredKeys<H extends HeaderSpec> = { [K in keyof H]: H[K]['required'] extends true ? K : never }[keyof H];
type Value<F extends FieldSpec> = FieldTypes[F['type']];

/** The object a header is decoded to: required fields and fields with a default are present, the others optional. */
export type HeaderOf<H extends HeaderSpec> = { -readonly [K in RequiredKeys<H>]: Value<H[K]> } & {
  -readonly [K in Exclude<keyof H, RequiredKeys<H>>]?: Value<H[K]>;
};

const spec =
  <T extends FieldType>(type: T) =>
  (wireName?: string): FieldSpec<T, true> => ({ type, required: true, wireName });

const optionalSpec =
  <T extends FieldType>(type: T) =>
  (wireName?: string): FieldSpec<T, false> => ({ type, required: false, wireName });

/** Fields that must be present; decoding a request without one fails with `PROTOCOL_MISSING_FIELD`. */
export const required = {
  string: spec('string'),
  int: spec('int'),
  long: spec('long'),
  wideLong: spec('wideLong'),
  bigint: spec('bigint'),
  boolean: spec('boolean'),
  double: spec('double'),
} as const;

/** Fields that may be absent. */
export const optional = {
  string: optionalSpec('string'),
  int: optionalSpec('int'),
  long: optionalSpec('long'),
  wideLong: optionalSpec('wideLong'),
  bigint: optionalSpec('bigint'),
  boolean: optionalSpec('boolean'),
  double: optionalSpec('double'),
} as const;

/** Fields that read as `fallback` when absent; they are always written. */
export function withDefault<T extends FieldType>(type: T, fallback: FieldTypes[T], wireName?: string): FieldSpec<T, true> {
  return { type, required: true, wireName, fallback };
}

/** A request of the protocol: code, header of the request and of its response. Shared by client and broker. */
export interface Command<Q extends HeaderSpec = HeaderSpec, S extends HeaderSpec = HeaderSpec> {
  /** Apache's name, e.g. `PULL_MESSAGE`. */
  readonly name: string;
  readonly code: number;
  readonly request: Q;
  readonly response: S;
}

/** Request header of a command as an object. */
export type RequestHeaderOf<C extends Command> = HeaderOf<C['request']>;
/** Response header of a command as an object. */
export type ResponseHeaderOf<C extends Command> = HeaderOf<C['response']>;

/** Declares a command. `Q` and `S` are inferred, so that typos in field names do not compile. */
export function defineCommand<const Q extends HeaderSpec, const S extends HeaderSpec>(definition: {
  name: string;
  code: number;
  request: Q;
  response: S;
}): Command<Q, S> {
  return definition;
}

/** Writes a header object as wire fields; absent (`undefined`) fields are left out. */
export function encodeHeader<H extends HeaderSpec>(spec: H, header: HeaderOf<H>): Record<string, string> {
  const fields: Record<string, string> = {};
  const values = header as Readonly<Record<string, unknown>>;
  for (const name in spec) {
    const value = values[name];
    if (value === undefined) continue;
    const field = spec[name];
    fields[field.wireName ?? name] = typeof value === 'string' ? value : field.type === 'wideLong' ? wideLongText(value as number) : String(value);
  }
  return fields;
}

const MAX_LONG = 2n ** 63n - 1n;

/** Digits without an exponent, clamped to 64 bits. */
function wideLongText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) return String(value > 0 ? MAX_LONG : -MAX_LONG - 1n);
  const digits = BigInt(Math.trunc(value));
  return String(digits > MAX_LONG ? MAX_LONG : digits < -MAX_LONG ? -MAX_LONG - 1n : digits);
}

/**
 * Reads wire fields as a header object.
 * @throws RocketMqError `PROTOCOL_MISSING_FIELD`, `PROTOCOL_BAD_FIELD`
 */
export function decodeHeader<H extends HeaderSpec>(spec: H, fields: ExtFields): HeaderOf<H> {
  const header: Record<string, unknown> = {};
  for (const name in spec) {
    const field = spec[name];
    const wireName = field.wireName ?? name;
    const text = Object.hasOwn(fields, wireName) ? fields[wireName] : undefined;
    if (text !== undefined) header[name] = parseField(field.type, text, wireName);
    else if (field.fallback !== undefined) header[name] = field.fallback;
    else if (field.required) throw missingField(wireName);
  }
  return header as HeaderOf<H>;
}

/** The error for an absent required field; for decoders. */
export function missingField(wireName: string): RocketMqError {
  return new RocketMqError('PROTOCOL_MISSING_FIELD', `the header field "${wireName}" is missing; send it with every request of this code`, {
    details: { field: wireName },
  });
}

function badField(wireName: string, text: string, expected: string): RocketMqError {
  return new RocketMqError('PROTOCOL_BAD_FIELD', `the header field "${wireName}" is "${text.slice(0, 64)}"; expected ${expected}`, {
    details: { field: wireName, value: text.slice(0, 64) },
  });
}

const INTEGER = /^[+-]?\d+$/;
/** Characters of the longest 64-bit integer. */
const MAX_LONG_LENGTH = 20;

/**
 * Reads one value; for decoders.
 * @throws RocketMqError `PROTOCOL_BAD_FIELD`
 */
export function parseField(type: FieldType, text: string, wireName: string): string | number | bigint | boolean {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      // Java's parseBoolean: anything but "true" in any case is false.
      return text.toLowerCase() === 'true';
    case 'int': {
      const value = INTEGER.test(text) ? Number(text) : Number.NaN;
      if (!(value >= -0x8000_0000 && value <= 0x7fff_ffff)) throw badField(wireName, text, 'a 32-bit integer');
      return value;
    }
    case 'long': {
      const value = INTEGER.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(value)) throw badField(wireName, text, 'an integer within ±2^53');
      return value;
    }
    case 'wideLong':
      if (!INTEGER.test(text) || text.length > MAX_LONG_LENGTH) throw badField(wireName, text, 'a 64-bit integer');
      return Number(text);
    case 'bigint': {
      if (!INTEGER.test(text) || text.length > MAX_LONG_LENGTH) throw badField(wireName, text, 'a 64-bit integer');
      const value = BigInt(text);
      if (BigInt.asIntN(64, value) !== value) throw badField(wireName, text, 'a 64-bit integer');
      return value;
    }
    case 'double': {
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw badField(wireName, text, 'a number');
      return value;
    }
  }
}
