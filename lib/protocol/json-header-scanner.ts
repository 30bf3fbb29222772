import { languageOfName, type LanguageName } from './language-code.js';
import type { ExtFields, RemotingCommand } from './remoting-command.js';

/*
 * The quick way through the JSON headers that clients really send: ASCII, one object without blanks, string values in the ext
 * fields. Whatever looks different is left to JSON.parse, so nothing here decides what is legal. Ext fields stay text until
 * someone asks for them: a command's declaration asks only for its own, see `request-header-decoder.ts`.
 */

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const LETTER_B = 0x62;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;
const LETTER_T = 0x74;
const LETTER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Longer runs of digits are left to JSON.parse. */
const MAX_DIGITS = 10;

const NO_FIELDS: ExtFields = Object.freeze({});

/** A command whose ext fields are read when first asked for; they were found well-formed already. */
export class ScannedCommand implements RemotingCommand {
  code = 0;
  language: LanguageName | null = 'JAVA';
  version = 0;
  opaque = 0;
  flag = 0;
  remark: string | undefined = undefined;
  body: Buffer;
  readonly serializeType = 'JSON';
  readonly frame: Buffer;
  /** Where the object of ext fields lies in {@link frame}, braces included; empty when there are none. */
  fieldsStart = 0;
  fieldsEnd = 0;
  private fields: ExtFields | undefined = undefined;

  constructor(frame: Buffer, body: Buffer) {
    this.frame = frame;
    this.body = body;
  }

  get extFields(): ExtFields {
    this.fields ??= this.fieldsEnd > this.fieldsStart ? (JSON.parse(this.fieldsText()) as ExtFields) : NO_FIELDS;
    return this.fields;
  }

  /** The object of ext fields as text: ASCII, one character per byte. */
  fieldsText(): string {
    return this.frame.toString('latin1', this.fieldsStart, this.fieldsEnd);
  }
}

/** Reads the header in `frame` from `start` to `end`; `undefined` when it is not of the usual form, be it legal or not. */
export function scanJsonHeader(frame: Buffer, start: number, end: number, body: Buffer): ScannedCommand | undefined {
  if (end - start < 2 || frame[start] !== OPEN_BRACE || frame[end - 1] !== CLOSE_BRACE) return undefined;
  const command = new ScannedCommand(frame, body);
  let position = start + 1;
  let expectMember = position < end - 1;
  while (expectMember) {
    position = scanMember(frame, position, end, command);
    if (position < 0) return undefined;
    expectMember = frame[position] === COMMA;
    if (expectMember) position++;
  }
  return position === end - 1 ? command : undefined;
}

/** Position behind the string that begins at `position` with its quote; -1 when it is not plain ASCII or does not end. */
function stringEnd(frame: Buffer, position: number, end: number): number {
  for (let index = position + 1; index < end; index++) {
    const byte = frame[index];
    if (byte === QUOTE) return index + 1;
    if (byte === BACKSLASH) {
      index = escapeEnd(frame, index + 1);
      if (index < 0) return -1;
    } else if (byte < 0x20 || byte > 0x7e) return -1;
  }
  return -1;
}

/** Position of the last byte of an escape whose letter is at `position`; -1 when JSON does not know it. */
function escapeEnd(frame: Buffer, position: number): number {
  switch (frame[position]) {
    case LETTER_U:
      for (let index = position + 1; index <= position + 4; index++) if (!isHexDigit(frame[index])) return -1;
      return position + 4;
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case LETTER_B:
    case LETTER_F:
    case LETTER_N:
    case LETTER_R:
    case LETTER_T:
      return position;
    default:
      return -1;
  }
}

function isHexDigit(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** Reads one member into `command`; returns the position behind its value, -1 when it is unusual. The names differ in their first letter. */
function scanMember(frame: Buffer, position: number, end: number, command: ScannedCommand): number {
  switch (frame[position + 1]) {
    case 0x63:
      return scanInteger(frame, afterName(frame, position, CODE), end, (value) => (command.code = value));
    case 0x65:
      return scanFields(frame, afterName(frame, position, EXT_FIELDS), end, command);
    case 0x66:
      return scanInteger(frame, afterName(frame, position, FLAG), end, (value) => (command.flag = value));
    case 0x6c:
      return scanText(frame, afterName(frame, position, LANGUAGE), end, (value) => (command.language = languageOfName(value)));
    case 0x6f:
      return scanInteger(frame, afterName(frame, position, OPAQUE), end, (value) => (command.opaque = value));
    case 0x72:
      return scanText(frame, afterName(frame, position, REMARK), end, (value) => (command.remark = value));
    case 0x73:
      return scanText(frame, afterName(frame, position, SERIALIZE_TYPE), end, undefined);
    case 0x76:
      return scanInteger(frame, afterName(frame, position, VERSION), end, (value) => (command.version = value));
    default:
      return -1;
  }
}

const CODE = Buffer.from('"code":');
const EXT_FIELDS = Buffer.from('"extFields":');
const FLAG = Buffer.from('"flag":');
const LANGUAGE = Buffer.from('"language":');
const OPAQUE = Buffer.from('"opaque":');
const REMARK = Buffer.from('"remark":');
const SERIALIZE_TYPE = Buffer.from('"serializeTypeCurrentRPC":');
const VERSION = Buffer.from('"version":');

/** Position behind `name` when it stands at `position`; -1 when something else does. */
function afterName(frame: Buffer, position: number, name: Buffer): number {
  for (let index = 0; index < name.length; index++) if (frame[position + index] !== name[index]) return -1;
  return position + name.length;
}

function scanInteger(frame: Buffer, start: number, end: number, set: (value: number) => void): number {
  if (start < 0) return -1;
  const valueEnd = integerEnd(frame, start, end);
  if (valueEnd < 0) return -1;
  const value = integerAt(frame, start, valueEnd);
  if ((value | 0) !== value) return -1;
  set(value);
  return valueEnd;
}

function scanText(frame: Buffer, start: number, end: number, set: ((value: string) => void) | undefined): number {
  if (start < 0 || frame[start] !== QUOTE) return -1;
  const valueEnd = stringEnd(frame, start, end);
  if (valueEnd < 0 || set === undefined) return valueEnd;
  const value = frame.toString('latin1', start + 1, valueEnd - 1);
  if (value.includes('\\')) return -1;
  set(value);
  return valueEnd;
}

/** Walks over `{"name":"value",…}`. */
function scanFields(frame: Buffer, fieldsStart: number, end: number, command: ScannedCommand): number {
  if (fieldsStart < 0 || frame[fieldsStart] !== OPEN_BRACE) return -1;
  let position = fieldsStart + 1;
  let expectMember = frame[position] !== CLOSE_BRACE;
  while (expectMember) {
    if (frame[position] !== QUOTE) return -1;
    position = stringEnd(frame, position, end);
    if (position < 0 || frame[position] !== COLON || frame[position + 1] !== QUOTE) return -1;
    position = stringEnd(frame, position + 1, end);
    if (position < 0) return -1;
    expectMember = frame[position] === COMMA;
    if (expectMember) position++;
  }
  if (position >= end || frame[position] !== CLOSE_BRACE) return -1;
  command.fieldsStart = fieldsStart;
  command.fieldsEnd = position + 1;
  return position + 1;
}

function integerEnd(frame: Buffer, start: number, end: number): number {
  let position = frame[start] === MINUS ? start + 1 : start;
  const digits = position;
  while (position < end && frame[position] >= ZERO && frame[position] <= NINE) position++;
  const count = position - digits;
  // JSON allows no leading zeros.
  return count === 0 || count > MAX_DIGITS || (count > 1 && frame[digits] === ZERO) ? -1 : position;
}

function integerAt(frame: Buffer, start: number, end: number): number {
  const negative = frame[start] === MINUS;
  let value = 0;
  for (let position = negative ? start + 1 : start; position < end; position++) value = value * 10 + frame[position] - ZERO;
  return negative ? -value : value;
}
