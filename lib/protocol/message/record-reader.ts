import { RocketMqError } from '../../errors/rocketmq-error.js';
import { bodyCrc } from './crc32.js';
import { HOST_V4_BYTES, HOST_V6_BYTES, readHost } from './host-bytes.js';
import { readInt64 } from './int64.js';
import type { HostAddress } from './message.js';
import { BORN_HOST_V6_FLAG, STORE_HOST_V6_FLAG } from './message-sys-flag.js';
import {
  BODY_CRC_OFFSET,
  BORN_HOST_OFFSET,
  BORN_TIMESTAMP_OFFSET,
  FLAG_OFFSET,
  MAGIC_OFFSET,
  MAGIC_V1,
  MAGIC_V2,
  MIN_RECORD_BYTES,
  PHYSICAL_OFFSET_OFFSET,
  QUEUE_ID_OFFSET,
  QUEUE_OFFSET_OFFSET,
  RECORD_SIZE_OFFSET,
  SYS_FLAG_OFFSET,
} from './record-layout.js';

/*
 * Single fields of a record, read in place. They trust the record at `position` to be whole and sound: check bytes from
 * outside with `layoutAt` first.
 */

export function recordSizeAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + RECORD_SIZE_OFFSET);
}

export function magicAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + MAGIC_OFFSET);
}

export function bodyCrcAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + BODY_CRC_OFFSET);
}

export function queueIdAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + QUEUE_ID_OFFSET);
}

export function flagAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + FLAG_OFFSET);
}

export function queueOffsetAt(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + QUEUE_OFFSET_OFFSET);
}

export function physicalOffsetAt(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + PHYSICAL_OFFSET_OFFSET);
}

export function sysFlagAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + SYS_FLAG_OFFSET);
}

export function bornTimestampAt(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + BORN_TIMESTAMP_OFFSET);
}

export function bornHostAt(buffer: Buffer, position: number): HostAddress {
  return readHost(buffer, position + BORN_HOST_OFFSET, hasFlag(buffer, position, BORN_HOST_V6_FLAG));
}

export function storeTimestampAt(buffer: Buffer, position: number): number {
  return readInt64(buffer, storeTimestampStart(buffer, position));
}

export function storeHostAt(buffer: Buffer, position: number): HostAddress {
  return readHost(buffer, storeTimestampStart(buffer, position) + 8, hasFlag(buffer, position, STORE_HOST_V6_FLAG));
}

export function reconsumeTimesAt(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(hostsEnd(buffer, position));
}

export function preparedTransactionOffsetAt(buffer: Buffer, position: number): number {
  return readInt64(buffer, hostsEnd(buffer, position) + 4);
}

/** The stored body, a slice. */
export function bodyAt(buffer: Buffer, position: number): Buffer {
  const start = bodyLengthStart(buffer, position) + 4;
  return buffer.subarray(start, start + buffer.readInt32BE(start - 4));
}

export function topicAt(buffer: Buffer, position: number): string {
  const start = topicLengthStart(buffer, position);
  return magicAt(buffer, position) === MAGIC_V2
    ? buffer.toString('utf8', start + 2, start + 2 + buffer.readInt16BE(start))
    : buffer.toString('utf8', start + 1, start + 1 + buffer.readInt8(start));
}

/** The properties in their wire form. */
export function propertiesAt(buffer: Buffer, position: number): string {
  const topicStart = topicLengthStart(buffer, position);
  const start = magicAt(buffer, position) === MAGIC_V2 ? topicStart + 2 + buffer.readInt16BE(topicStart) : topicStart + 1 + buffer.readInt8(topicStart);
  return buffer.toString('utf8', start + 2, start + 2 + buffer.readInt16BE(start));
}

function hasFlag(buffer: Buffer, position: number, flag: number): boolean {
  return (sysFlagAt(buffer, position) & flag) !== 0;
}

function storeTimestampStart(buffer: Buffer, position: number): number {
  return position + BORN_HOST_OFFSET + (hasFlag(buffer, position, BORN_HOST_V6_FLAG) ? HOST_V6_BYTES : HOST_V4_BYTES);
}

function hostsEnd(buffer: Buffer, position: number): number {
  return storeTimestampStart(buffer, position) + 8 + (hasFlag(buffer, position, STORE_HOST_V6_FLAG) ? HOST_V6_BYTES : HOST_V4_BYTES);
}

function bodyLengthStart(buffer: Buffer, position: number): number {
  return hostsEnd(buffer, position) + 12;
}

function topicLengthStart(buffer: Buffer, position: number): number {
  const start = bodyLengthStart(buffer, position);
  return start + 4 + buffer.readInt32BE(start);
}

/** Where the parts of a record lie. */
export interface RecordLayout {
  /** Position behind the record. */
  readonly end: number;
  readonly storeTimestampStart: number;
  /** Behind both hosts. */
  readonly hostsEnd: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly topicStart: number;
  readonly topicEnd: number;
  readonly propertiesStart: number;
  readonly propertiesEnd: number;
}

/**
 * Checks that a whole, sound record begins at `position`, and finds its parts. Everything read afterwards lies within the record.
 * @param checkCrc also compare the body with its CRC
 * @throws RocketMqError `MESSAGE_MALFORMED`, `MESSAGE_CRC_MISMATCH`
 */
export function layoutAt(buffer: Buffer, position: number, checkCrc: boolean): RecordLayout {
  const available = buffer.length - position;
  if (available < MIN_RECORD_BYTES) throw malformed(position, `has ${available} bytes; a record has at least ${MIN_RECORD_BYTES}`);
  const magic = magicAt(buffer, position);
  if (magic !== MAGIC_V1 && magic !== MAGIC_V2) throw malformed(position, `begins with the magic 0x${(magic >>> 0).toString(16)}, which is no record's`);
  const size = recordSizeAt(buffer, position);
  if (size < MIN_RECORD_BYTES || size > available) throw malformed(position, `claims ${size} bytes; ${available} are there`);
  const layout = partsOf(buffer, position, position + size, magic === MAGIC_V2 ? 2 : 1);
  if (checkCrc && layout.bodyEnd > layout.bodyStart) verifyCrc(buffer, position, layout);
  return layout;
}

function partsOf(buffer: Buffer, position: number, end: number, topicLengthBytes: 1 | 2): RecordLayout {
  const hosts = hostsEnd(buffer, position);
  const bodyStart = hosts + 16;
  const bodyEnd = bodyStart + lengthWithin(bodyStart <= end ? buffer.readInt32BE(bodyStart - 4) : -1, end - topicLengthBytes - 2 - bodyStart, position, 'body');
  const topicStart = bodyEnd + topicLengthBytes;
  const topicLength = topicLengthBytes === 2 ? buffer.readInt16BE(bodyEnd) : buffer.readInt8(bodyEnd);
  const topicEnd = topicStart + lengthWithin(topicLength, end - 2 - topicStart, position, 'topic');
  const propertiesStart = topicEnd + 2;
  const propertiesEnd = propertiesStart + lengthWithin(buffer.readInt16BE(topicEnd), end - propertiesStart, position, 'properties');
  return { end, storeTimestampStart: storeTimestampStart(buffer, position), hostsEnd: hosts, bodyStart, bodyEnd, topicStart, topicEnd, propertiesStart, propertiesEnd };
}

function lengthWithin(length: number, room: number, position: number, what: string): number {
  if (length < 0 || length > room) throw malformed(position, `claims ${length} bytes of ${what}; ${Math.max(0, room)} are left`);
  return length;
}

function verifyCrc(buffer: Buffer, position: number, layout: RecordLayout): void {
  const found = bodyCrc(buffer.subarray(layout.bodyStart, layout.bodyEnd));
  const expected = bodyCrcAt(buffer, position);
  if (found !== expected) {
    throw new RocketMqError('MESSAGE_CRC_MISMATCH', `the body of the record at byte ${position} has CRC ${found}, stored is ${expected}; the bytes were damaged`, {
      details: { physicalOffset: physicalOffsetAt(buffer, position) },
    });
  }
}

function malformed(position: number, problem: string): RocketMqError {
  return new RocketMqError('MESSAGE_MALFORMED', `the record at byte ${position} ${problem}`);
}
