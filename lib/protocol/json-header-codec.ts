import { RocketMqError } from '../errors/rocketmq-error.js';
import { languageOfName } from './language-code.js';
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

/** Writes the header of `command` as JSON text. */
export function jsonHeaderText(command: Omit<RemotingCommand, 'body'>): string {
  const fields = extFieldsText(command.extFields);
  const remark = command.remark === undefined ? '' : `"remark":${quote(command.remark)},`;
  return `{"code":${command.code},${fields}"flag":${command.flag},"language":"${command.language ?? 'OTHER'}","opaque":${command.opaque},${remark}"serializeTypeCurrentRPC":"JSON","version":${command.version}}`;
}

function extFieldsText(fields: ExtFields): string {
  let members = '';
  for (const name in fields) {
    members += `${members === '' ? '' : ','}${quote(name)}:${quote(fields[name])}`;
  }
  return members === '' ? '' : `"extFields":{${members}},`;
}

function quote(value: string): string {
  return NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`;
}
