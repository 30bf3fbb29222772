import { RocketMqError } from '../../errors/rocketmq-error.js';
import { iterateBatch } from './batch-codec.js';
import { decompressBody } from './compression.js';
import { bodyCrc } from './crc32.js';
import { isV6, readHost, writeHost } from './host-bytes.js';
import { readSafeInt64, writeInt64 } from './int64.js';
import type { HostAddress, MessageExt } from './message.js';
import { upperHex } from './message-id.js';
import { BORN_HOST_V6_FLAG, COMPRESSED_FLAG, isCompressed, isInnerBatch, STORE_HOST_V6_FLAG } from './message-sys-flag.js';
import { decodeProperties, MAX_PROPERTIES_BYTES, PROPERTY } from './properties.js';
import {
  BODY_CRC_OFFSET,
  BORN_HOST_OFFSET,
  BORN_TIMESTAMP_OFFSET,
  FLAG_OFFSET,
  MAGIC_OFFSET,
  MAGIC_V1,
  MAGIC_V2,
  MAX_V1_TOPIC_BYTES,
  MIN_RECORD_BYTES,
  PHYSICAL_OFFSET_OFFSET,
  QUEUE_ID_OFFSET,
  QUEUE_OFFSET_OFFSET,
  RECORD_SIZE_OFFSET,
  SYS_FLAG_OFFSET,
  V6_EXTRA_BYTES,
} from './record-layout.js';
import { bodyCrcAt, flagAt, layoutAt, queueIdAt, recordSizeAt, sysFlagAt, type RecordLayout } from './record-reader.js';

export * from './record-layout.js';
export * from './record-reader.js';

/** Everything a record holds; what the writer derives itself (size, CRC, host bits of sysFlag) is not among it. */
export interface RecordFields {
  readonly topic: string;
  readonly queueId: number;
  readonly flag: number;
  readonly queueOffset: number;
  readonly physicalOffset: number;
  /** The two host bits are set to fit the hosts, whatever they are here. */
  readonly sysFlag: number;
  readonly bornTimestamp: number;
  readonly bornHost: HostAddress;
  readonly storeTimestamp: number;
  readonly storeHost: HostAddress;
  readonly reconsumeTimes: number;
  readonly preparedTransactionOffset: number;
  /** As it is to be stored. */
  readonly body: Uint8Array;
  /** In their wire form. */
  readonly properties: string;
}

/**
 * Bytes that `encodeRecordInto` will write.
 * @throws RocketMqError `MESSAGE_ILLEGAL` for properties over 32 767 bytes or a topic over 32 767 bytes
 */
export function recordSizeOf(fields: Pick<RecordFields, 'topic' | 'bornHost' | 'storeHost' | 'body' | 'properties'>): number {
  const topicBytes = Buffer.byteLength(fields.topic);
  const propertiesBytes = Buffer.byteLength(fields.properties);
  if (propertiesBytes > MAX_PROPERTIES_BYTES) throw tooLong('the properties of a message have', propertiesBytes);
  if (topicBytes > MAX_PROPERTIES_BYTES) throw tooLong('the topic of a message has', topicBytes);
  return (
    MIN_RECORD_BYTES +
    (topicBytes > MAX_V1_TOPIC_BYTES ? 1 : 0) +
    (isV6(fields.bornHost.ip) ? V6_EXTRA_BYTES : 0) +
    (isV6(fields.storeHost.ip) ? V6_EXTRA_BYTES : 0) +
    fields.body.length +
    topicBytes +
    propertiesBytes
  );
}

function tooLong(what: string, bytes: number): RocketMqError {
  return new RocketMqError('MESSAGE_ILLEGAL', `${what} ${bytes} bytes; at most ${MAX_PROPERTIES_BYTES} are allowed`);
}

/**
 * Writes a record at `position` and returns its size in bytes. `target` must have room for `recordSizeOf(record)`; nothing
 * in between is allocated.
 * @throws RocketMqError `MESSAGE_ILLEGAL` as {@link recordSizeOf}, or when a host is not a literal address
 */
export function encodeRecordInto(target: Buffer, position: number, record: RecordFields): number {
  const { body, bornHost, storeHost } = record;
  const sysFlag =
    (record.sysFlag & ~(BORN_HOST_V6_FLAG | STORE_HOST_V6_FLAG)) | (isV6(bornHost.ip) ? BORN_HOST_V6_FLAG : 0) | (isV6(storeHost.ip) ? STORE_HOST_V6_FLAG : 0);
  target.writeInt32BE(bodyCrc(body), position + BODY_CRC_OFFSET);
  target.writeInt32BE(record.queueId, position + QUEUE_ID_OFFSET);
  target.writeInt32BE(record.flag, position + FLAG_OFFSET);
  writeInt64(target, record.queueOffset, position + QUEUE_OFFSET_OFFSET);
  writeInt64(target, record.physicalOffset, position + PHYSICAL_OFFSET_OFFSET);
  target.writeInt32BE(sysFlag, position + SYS_FLAG_OFFSET);
  writeInt64(target, record.bornTimestamp, position + BORN_TIMESTAMP_OFFSET);
  let at = writeHost(target, position + BORN_HOST_OFFSET, bornHost);
  at = writeInt64(target, record.storeTimestamp, at);
  at = writeHost(target, at, storeHost);
  at = target.writeInt32BE(record.reconsumeTimes, at);
  at = writeInt64(target, record.preparedTransactionOffset, at);
  at = target.writeInt32BE(body.length, at);
  target.set(body, at);
  at = encodeTopic(target, position, at + body.length, record.topic);
  const propertiesBytes = writeText(target, at + 2, record.properties);
  if (propertiesBytes > MAX_PROPERTIES_BYTES) throw tooLong('the properties of a message have', propertiesBytes);
  target.writeInt16BE(propertiesBytes, at);
  const size = at + 2 + propertiesBytes - position;
  target.writeInt32BE(size, position + RECORD_SIZE_OFFSET);
  return size;
}

/** Writes the topic and the magic that fits its length; returns the position behind the topic. */
function encodeTopic(target: Buffer, position: number, at: number, topic: string): number {
  const topicBytes = writeText(target, at + 1, topic);
  if (topicBytes <= MAX_V1_TOPIC_BYTES) {
    target.writeInt32BE(MAGIC_V1, position + MAGIC_OFFSET);
    target[at] = topicBytes;
    return at + 1 + topicBytes;
  }
  if (topicBytes > MAX_PROPERTIES_BYTES) throw tooLong('the topic of a message has', topicBytes);
  target.writeInt32BE(MAGIC_V2, position + MAGIC_OFFSET);
  target.writeInt16BE(topicBytes, at);
  return at + 2 + target.write(topic, at + 2, 'utf8');
}

/** From this length on one native call is cheaper than the loop. */
const NATIVE_WRITE_LENGTH = 32;

/** Writes UTF-8 and returns the number of bytes. */
function writeText(target: Buffer, start: number, text: string): number {
  if (text.length > NATIVE_WRITE_LENGTH) return target.write(text, start, 'utf8');
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return target.write(text, start, 'utf8');
    target[start + index] = unit;
  }
  return text.length;
}

/** Choices for decoding records. */
export interface DecodeOptions {
  /**
   * Compare each body with its CRC. Default false, as Apache's client: a broker may hand out a half message for checking
   * with its body already unpacked, but with the CRC of the packed one.
   */
  readonly checkCrc?: boolean;
  /** Unpack compressed bodies and clear that bit of sysFlag. Default true. */
  readonly decompress?: boolean;
  /** Becomes `brokerName` of the messages. Default empty. */
  readonly brokerName?: string;
}

/**
 * Reads the record at `position`. The body is a slice of `buffer` unless it had to be unpacked.
 * @throws RocketMqError `MESSAGE_MALFORMED`, `MESSAGE_CRC_MISMATCH`, `COMPRESSION_UNSUPPORTED`, `MESSAGE_TOO_LARGE`
 */
export function decodeRecord(buffer: Buffer, position = 0, options: DecodeOptions = {}): MessageExt {
  const layout = layoutAt(buffer, position, options.checkCrc ?? false);
  const storedFlag = sysFlagAt(buffer, position);
  const unpack = (options.decompress ?? true) && isCompressed(storedFlag) && layout.bodyEnd > layout.bodyStart;
  const stored = buffer.subarray(layout.bodyStart, layout.bodyEnd);
  const properties = decodeProperties(buffer.toString('utf8', layout.propertiesStart, layout.propertiesEnd));
  const offsetMsgId = offsetMsgIdAt(buffer, position, layout);
  return {
    topic: buffer.toString('utf8', layout.topicStart, layout.topicEnd),
    body: unpack ? decompressBody(stored, storedFlag) : stored,
    flag: flagAt(buffer, position),
    properties,
    brokerName: options.brokerName ?? '',
    queueId: queueIdAt(buffer, position),
    queueOffset: readSafeInt64(buffer, position + QUEUE_OFFSET_OFFSET, "a record's queue offset"),
    commitLogOffset: readSafeInt64(buffer, position + PHYSICAL_OFFSET_OFFSET, "a record's physical offset"),
    storeSize: recordSizeAt(buffer, position),
    bodyCrc: bodyCrcAt(buffer, position),
    sysFlag: unpack ? storedFlag & ~COMPRESSED_FLAG : storedFlag,
    bornTimestamp: readSafeInt64(buffer, position + BORN_TIMESTAMP_OFFSET, "a record's born timestamp"),
    bornHost: readHost(buffer, position + BORN_HOST_OFFSET, (storedFlag & BORN_HOST_V6_FLAG) !== 0),
    storeTimestamp: readSafeInt64(buffer, layout.storeTimestampStart, "a record's store timestamp"),
    storeHost: readHost(buffer, layout.storeTimestampStart + 8, (storedFlag & STORE_HOST_V6_FLAG) !== 0),
    reconsumeTimes: buffer.readInt32BE(layout.hostsEnd),
    preparedTransactionOffset: readSafeInt64(buffer, layout.hostsEnd + 4, "a record's prepared transaction offset"),
    msgId: uniqueKeyOf(properties) ?? offsetMsgId,
    offsetMsgId,
  };
}

function uniqueKeyOf(properties: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(properties, PROPERTY.UNIQ_KEY) ? properties[PROPERTY.UNIQ_KEY] : undefined;
}

function offsetMsgIdAt(buffer: Buffer, position: number, layout: RecordLayout): string {
  const storeHost = upperHex(buffer, layout.storeTimestampStart + 8, layout.hostsEnd);
  return storeHost + upperHex(buffer, position + PHYSICAL_OFFSET_OFFSET, position + PHYSICAL_OFFSET_OFFSET + 8);
}

/**
 * Reads records that lie one after another, as pull responses hold them. Inner batches are taken apart: their messages
 * get consecutive queue offsets.
 * @throws RocketMqError as {@link decodeRecord}; nothing is dropped silently
 */
export function decodeRecords(body: Buffer, options: DecodeOptions = {}): MessageExt[] {
  const messages: MessageExt[] = [];
  let position = 0;
  while (position < body.length) {
    const message = decodeRecord(body, position, options);
    if (isInnerBatch(message.sysFlag) && (options.decompress ?? true)) messages.push(...innerMessagesOf(message));
    else messages.push(message);
    position += message.storeSize;
  }
  return messages;
}

function innerMessagesOf(outer: MessageExt): MessageExt[] {
  return iterateBatch(outer.body).map((inner, index) => {
    const properties = decodeProperties(inner.properties);
    return { ...outer, flag: inner.flag, body: inner.body, properties, queueOffset: outer.queueOffset + index, msgId: uniqueKeyOf(properties) ?? outer.offsetMsgId };
  });
}
