import { RocketMqError } from '../../errors/rocketmq-error.js';

/*
 * Properties travel and are stored as `name \x01 value \x02` repeated, UTF-8, at most 32 767 bytes. Readers skip pairs
 * without a name or a value; the last of several pairs with one name counts. Apache: MessageDecoder.java.
 */

/** Names with a meaning of their own. Apache: MessageConst.java. */
export const PROPERTY = {
  KEYS: 'KEYS',
  TAGS: 'TAGS',
  WAIT: 'WAIT',
  DELAY: 'DELAY',
  RETRY_TOPIC: 'RETRY_TOPIC',
  REAL_TOPIC: 'REAL_TOPIC',
  REAL_QUEUE_ID: 'REAL_QID',
  TRANSACTION_PREPARED: 'TRAN_MSG',
  PRODUCER_GROUP: 'PGROUP',
  MIN_OFFSET: 'MIN_OFFSET',
  MAX_OFFSET: 'MAX_OFFSET',
  BUYER_ID: 'BUYER_ID',
  ORIGIN_MESSAGE_ID: 'ORIGIN_MESSAGE_ID',
  TRANSFER_FLAG: 'TRANSFER_FLAG',
  CORRECTION_FLAG: 'CORRECTION_FLAG',
  MQ2_FLAG: 'MQ2_FLAG',
  RECONSUME_TIME: 'RECONSUME_TIME',
  MSG_REGION: 'MSG_REGION',
  TRACE_ON: 'TRACE_ON',
  UNIQ_KEY: 'UNIQ_KEY',
  EXTEND_UNIQ_INFO: 'EXTEND_UNIQ_INFO',
  MAX_RECONSUME_TIMES: 'MAX_RECONSUME_TIMES',
  CONSUME_START_TIME: 'CONSUME_START_TIME',
  INNER_NUM: 'INNER_NUM',
  INNER_BASE: 'INNER_BASE',
  DUP_INFO: 'DUP_INFO',
  CHECK_IMMUNITY_TIME_IN_SECONDS: 'CHECK_IMMUNITY_TIME_IN_SECONDS',
  TRANSACTION_PREPARED_QUEUE_OFFSET: 'TRAN_PREPARED_QUEUE_OFFSET',
  TRANSACTION_ID: '__transactionId__',
  TRANSACTION_CHECK_TIMES: 'TRANSACTION_CHECK_TIMES',
  INSTANCE_ID: 'INSTANCE_ID',
  CORRELATION_ID: 'CORRELATION_ID',
  REPLY_TO_CLIENT: 'REPLY_TO_CLIENT',
  TTL: 'TTL',
  ARRIVE_TIME: 'ARRIVE_TIME',
  PUSH_REPLY_TIME: 'PUSH_REPLY_TIME',
  CLUSTER: 'CLUSTER',
  MESSAGE_TYPE: 'MSG_TYPE',
  POP_CK: 'POP_CK',
  POP_CK_OFFSET: 'POP_CK_OFFSET',
  FIRST_POP_TIME: '1ST_POP_TIME',
  SHARDING_KEY: '__SHARDINGKEY',
  FORWARD_QUEUE_ID: 'PROPERTY_FORWARD_QUEUE_ID',
  REDIRECT: 'REDIRECT',
  INNER_MULTI_DISPATCH: 'INNER_MULTI_DISPATCH',
  INNER_MULTI_QUEUE_OFFSET: 'INNER_MULTI_QUEUE_OFFSET',
  TRACE_CONTEXT: 'TRACE_CONTEXT',
  TIMER_DELAY_SEC: 'TIMER_DELAY_SEC',
  TIMER_DELAY_MS: 'TIMER_DELAY_MS',
  TIMER_DELIVER_MS: 'TIMER_DELIVER_MS',
  TIMER_ENQUEUE_MS: 'TIMER_ENQUEUE_MS',
  TIMER_DEQUEUE_MS: 'TIMER_DEQUEUE_MS',
  TIMER_ROLL_TIMES: 'TIMER_ROLL_TIMES',
  TIMER_OUT_MS: 'TIMER_OUT_MS',
  TIMER_DEL_UNIQKEY: 'TIMER_DEL_UNIQKEY',
  TIMER_DELAY_LEVEL: 'TIMER_DELAY_LEVEL',
  BORN_HOST: '__BORNHOST',
  BORN_TIMESTAMP: 'BORN_TIMESTAMP',
  CRC32: '__CRC32#',
  DLQ_ORIGIN_TOPIC: 'DLQ_ORIGIN_TOPIC',
  DLQ_ORIGIN_MESSAGE_ID: 'DLQ_ORIGIN_MESSAGE_ID',
} as const;

/** Prefix of properties that brokers keep to themselves. */
export const TRANSIENT_PROPERTY_PREFIX = '__RMQ.TRANSIENT.';
/** Separates the keys in {@link PROPERTY.KEYS}. */
export const KEY_SEPARATOR = ' ';
/** Most bytes the properties of one message may take. */
export const MAX_PROPERTIES_BYTES = 0x7fff;

const RESERVED: ReadonlySet<string> = new Set<string>(Object.values(PROPERTY));

/** Whether a user may not set the property `name`, because the system gives it a meaning. */
export function isReservedProperty(name: string): boolean {
  return RESERVED.has(name) || name.startsWith(TRANSIENT_PROPERTY_PREFIX);
}

const NAME_END = '\x01';
const PAIR_END = '\x02';

/** Properties by name, as callers hold them. `undefined` values are left out. */
export type PropertyMap = Readonly<Record<string, string | undefined>> | ReadonlyMap<string, string>;

/**
 * Writes properties in their wire form.
 * @throws RocketMqError `MESSAGE_ILLEGAL` for an empty name or separators in a name or value
 */
export function encodeProperties(properties: PropertyMap): string {
  let text = '';
  const pairs = properties instanceof Map ? properties : Object.entries(properties as Readonly<Record<string, string | undefined>>);
  for (const [name, value] of pairs) {
    if (value !== undefined) text += pairOf(name, value);
  }
  return text;
}

function pairOf(name: string, value: string): string {
  if (name === '' || name.includes(NAME_END) || name.includes(PAIR_END) || value.includes(PAIR_END)) {
    throw new RocketMqError(
      'MESSAGE_ILLEGAL',
      `the property ${JSON.stringify(name)} = ${JSON.stringify(value.slice(0, 64))} cannot be written; names must not be empty, and the characters U+0001 and U+0002 are separators`,
      { details: { property: name } },
    );
  }
  return `${name}${NAME_END}${value}${PAIR_END}`;
}

/** Reads properties from their wire form; never fails: pairs without a name or a value are skipped. */
export function decodeProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {};
  let start = 0;
  while (start < text.length) {
    const found = text.indexOf(PAIR_END, start);
    const end = found < 0 ? text.length : found;
    const nameEnd = text.indexOf(NAME_END, start);
    if (nameEnd > start && nameEnd < end - 1) setProperty(properties, text.slice(start, nameEnd), text.slice(nameEnd + 1, end));
    start = end + 1;
  }
  return properties;
}

function setProperty(properties: Record<string, string>, name: string, value: string): void {
  // Plain assignment to "__proto__" would call a setter instead of making a property.
  if (name === '__proto__') Object.defineProperty(properties, name, { value, enumerable: true, configurable: true, writable: true });
  else properties[name] = value;
}

/** The value of one property in the wire form, without reading the others; `undefined` when absent or empty. */
export function propertyOf(encoded: string, name: string): string | undefined {
  const needle = name + NAME_END;
  let value: string | undefined;
  for (let at = pairAt(encoded, needle, 0); at >= 0; at = pairAt(encoded, needle, at + 1)) {
    const end = pairEnd(encoded, at);
    if (end > at + needle.length) value = encoded.slice(at + needle.length, end);
  }
  return value;
}

/** Position of the first pair from `from` on that begins with `needle`; -1 when there is none. */
function pairAt(encoded: string, needle: string, from: number): number {
  let at = encoded.indexOf(needle, from);
  while (at > 0 && encoded[at - 1] !== PAIR_END) at = encoded.indexOf(needle, at + 1);
  return at;
}

function pairEnd(encoded: string, at: number): number {
  const end = encoded.indexOf(PAIR_END, at);
  return end < 0 ? encoded.length : end;
}

/**
 * The wire form with `name` set to `value`, behind all other properties.
 * @throws RocketMqError `MESSAGE_ILLEGAL` as {@link encodeProperties}
 */
export function withProperty(encoded: string, name: string, value: string): string {
  const others = withoutProperty(encoded, name);
  const closed = others === '' || others.endsWith(PAIR_END) ? others : others + PAIR_END;
  return closed + pairOf(name, value);
}

/** The wire form without the property `name`. */
export function withoutProperty(encoded: string, name: string): string {
  const needle = name + NAME_END;
  let rest = encoded;
  for (let at = pairAt(rest, needle, 0); at >= 0; at = pairAt(rest, needle, at)) {
    rest = rest.slice(0, at) + rest.slice(pairEnd(rest, at) + 1);
  }
  return rest;
}
