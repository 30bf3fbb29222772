import { RocketMqError } from '../errors/rocketmq-error.js';
import { languageOfName } from './language-code.js';
import { scanJsonHeader } from './json-header-scanner.js';
import type { ExtFields, RemotingCommand } from './remoting-command.js';

/*
 * Serialize type 0. One JSON object, keys in alphabetical order when we write it:
 * {"code":…,"extFields":{"name":"text",…},"flag":…,"language":"JAVA","opaque":…,"remark":"…","serializeTypeCurrentRPC":"JSON","version":…}
 * `remark` and `extFields` are left out when absent. Apache: RemotingCommand.java, RemotingSerializable.java.
 */

const NO_FIELDS: ExtFields = Object.freeze({});

/**
 * Reads the header in `frame` from `start` to `end`. As Apache's reader: absent keys take their defaults, numbers and
 * booleans among the ext fields become strings, nulls are dropped, an unknown language is `null`.
 * @throws RocketMqError `PROTOCOL_MALFORMED_HEADER`
 */
export function decodeJsonHeader(frame: Buffer, start: number, end: number, body: Buffer): RemotingCommand {
  return scanJsonHeader(frame, start, end, body) ?? parseJsonHeader(frame, start, end, body);
}

function parseJsonHeader(frame: Buffer, start: number, end: number, body: Buffer): RemotingCommand {
  const header = parseObject(frame.toString('utf8', start, end));
  const remark = header.remark;
  return {
    code: integer(header.code, 'code'),
    language: header.language === undefined ? 'JAVA' : languageOfName(header.language),
    version: integer(header.version, 'version'),
    opaque: integer(header.opaque, 'opaque'),
    flag: integer(header.flag, 'flag'),
    remark: remark === undefined || remark === null ? undefined : text(remark, 'remark'),
    extFields: extFieldsOf(header.extFields),
    body,
    serializeType: 'JSON',
  };
}

function parseObject(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw malformed(`is not JSON: "${json.slice(0, 64)}"`, error);
  }
  if (!isObject(value)) throw malformed(`is not a JSON object: "${json.slice(0, 64)}"`);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function integer(value: unknown, key: string): number {
  if (typeof value === 'number' && (value | 0) === value) return value;
  if (value === undefined || value === null) return 0;
  const number = typeof value === 'string' && /^[+-]?\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if ((number | 0) !== number) throw malformed(`has "${key}" = ${show(value)}; expected a 32-bit integer`);
  return number;
}

function text(value: unknown, key: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed(`has "${key}" = ${show(value)}; expected a string`);
}

function extFieldsOf(value: unknown): ExtFields {
  if (value === undefined || value === null) return NO_FIELDS;
  if (!isObject(value)) throw malformed(`has "extFields" = ${show(value)}; expected an object`);
  // Keys are own properties even when called "__proto__": JSON.parse defines them.
  for (const name in value) {
    if (typeof value[name] !== 'string') return coerced(value);
  }
  return value as Record<string, string>;
}

function coerced(fields: Readonly<Record<string, unknown>>): ExtFields {
  const strings: [string, string][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null) strings.push([name, text(value, `extFields.${name.slice(0, 64)}`)]);
  }
  return Object.fromEntries(strings);
}

function show(value: unknown): string {
  return typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 64);
}

function malformed(problem: string, cause?: unknown): RocketMqError {
  return new RocketMqError('PROTOCOL_MALFORMED_HEADER', `the JSON header of a frame ${problem}`, { cause });
}

/** Characters that cannot stand as they are in a JSON string, lone surrogates included. */
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Writes the header of `command` into a buffer of its own, `headroom` bytes before it left free. */
export function encodeJsonHeader(command: Omit<RemotingCommand, 'body'>, headroom: number): Buffer {
  const { extFields: fields, remark } = command;
  const head = `{"code":${command.code},`;
  const tail = `"flag":${command.flag},"language":"${command.language ?? 'OTHER'}","opaque":${command.opaque},${
    remark === undefined ? '' : `"remark":${quote(remark)},`
  }"serializeTypeCurrentRPC":"JSON","version":${command.version}}`;
  const plain = remark === undefined || PLAIN.test(remark) ? encodePlain(head, fields, tail, headroom) : undefined;
  return plain ?? encodeAny(head + extFieldsText(fields) + tail, headroom);
}

/** The way of nearly all headers: every character is printable ASCII and is stored as it is. `undefined` when not so. */
function encodePlain(head: string, fields: ExtFields, tail: string, headroom: number): Buffer | undefined {
  let size = 0;
  for (const name in fields) size += name.length + fields[name].length + 6;
  if (size > 0) size += EXT_FIELDS.length + 1;
  const buffer = Buffer.allocUnsafe(headroom + head.length + size + tail.length);
  let position = putPlain(buffer, headroom, head);
  if (size > 0) {
    position = putPlain(buffer, position, EXT_FIELDS);
    for (const name in fields) {
      position = putQuoted(buffer, position, name);
      if (position < 0) return undefined;
      buffer[position] = COLON;
      position = putQuoted(buffer, position + 1, fields[name]);
      if (position < 0) return undefined;
      buffer[position++] = COMMA;
    }
    position = putPlain(buffer, position - 1, '},');
  }
  putPlain(buffer, position, tail);
  return buffer;
}

const EXT_FIELDS = '"extFields":{';
const PLAIN = /^[ -~]*$/;

/** Writes ASCII text; returns the position behind it. A loop beats `buffer.write` for texts this short. */
function putPlain(buffer: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index++) buffer[start + index] = text.charCodeAt(index);
  return start + text.length;
}

/** Writes `text` in quotes; returns the position behind it, or -1 when it is not printable ASCII without quotes and backslashes. */
function putQuoted(buffer: Buffer, start: number, text: string): number {
  buffer[start] = QUOTE;
  let position = start + 1;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return -1;
    buffer[position++] = unit;
  }
  buffer[position] = QUOTE;
  return position + 1;
}

function encodeAny(text: string, headroom: number): Buffer {
  const buffer = Buffer.allocUnsafe(headroom + Buffer.byteLength(text));
  buffer.write(text, headroom, 'utf8');
  return buffer;
}

function extFieldsText(fields: ExtFields): string {
  let members = '';
  for (const name in fields) {
    members += `${members === '' ? '' : ','}${quote(name)}:${quote(fields[name])}`;
  }
  return members === '' ? '' : `${EXT_FIELDS}${members}},`;
}

function quote(value: string): string {
  return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
}
