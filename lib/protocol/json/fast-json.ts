import { RocketMqError } from '../../errors/rocketmq-error.js';
import { FastJsonReader } from './fast-json-reader.js';

/*
 * The JSON of Apache's bodies is fastjson's: standard JSON, except that map keys may be bare integers (`{0:"a"}`) or whole
 * objects (`{{"brokerName":"b","queueId":0,"topic":"t"}:5}`).
 */

/**
 * Reads fastjson's dialect. An object with object keys becomes a `Map` whose keys are the canonical JSON of the key objects (names
 * sorted, no blanks); integers beyond ±2^53 become `bigint`. Standard JSON reads as usual.
 * @throws RocketMqError `PROTOCOL_MALFORMED_BODY`
 */
export function parseFastJson(text: string | Buffer): unknown {
  return new FastJsonReader(typeof text === 'string' ? text : text.toString('utf8'), stringifyFastJson).read();
}

/**
 * Writes standard JSON, without blanks, names in alphabetical order, `undefined` and `null` members left out as fastjson
 * does. Map keys that are JSON objects are written as objects, the one form that every reader takes; integer keys are quoted.
 */
export function stringifyFastJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new RocketMqError('PROTOCOL_MALFORMED_BODY', `${value} cannot be written as JSON`);
      return String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : stringifyObject(value);
    default:
      return 'null';
  }
}

function stringifyObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(stringifyFastJson).join(',')}]`;
  if (value instanceof Map) return stringifyMap(value);
  if (value instanceof Set) return `[${[...value].map(stringifyFastJson).join(',')}]`;
  const names = Object.keys(value);
  // Integer names come first and in numeric order by themselves; sorting as text would put 10 before 2.
  if (names.length > 1 && !/^\d+$/.test(names[0])) names.sort();
  let members = '';
  for (const name of names) members += memberOf(JSON.stringify(name), (value as Record<string, unknown>)[name], members);
  return `{${members}}`;
}

function stringifyMap(map: ReadonlyMap<unknown, unknown>): string {
  let members = '';
  for (const [key, value] of map) {
    const name = String(key);
    members += memberOf(name.startsWith('{') ? name : JSON.stringify(name), value, members);
  }
  return `{${members}}`;
}

function memberOf(name: string, value: unknown, before: string): string {
  return value === undefined || value === null ? '' : `${before === '' ? '' : ','}${name}:${stringifyFastJson(value)}`;
}
