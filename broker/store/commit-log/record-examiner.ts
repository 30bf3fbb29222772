import { bodyCrc } from '../../../lib/protocol/message/crc32.js';
import {
  BLANK_RECORD_BYTES,
  bodyCrcAt,
  MAGIC_BLANK,
  MAGIC_V1,
  MAGIC_V2,
  magicAt,
  MIN_RECORD_BYTES,
  physicalOffsetAt,
  recordSizeAt,
  sysFlagAt,
  V6_EXTRA_BYTES,
} from '../../../lib/protocol/message/stored-message-codec.js';
import { BORN_HOST_V6_FLAG, STORE_HOST_V6_FLAG } from '../../../lib/protocol/message/message-sys-flag.js';

/** Size of the two fields that end a full file. */
export const BLANK_BYTES = BLANK_RECORD_BYTES;

/** Writes the end of a full file: `{ i32 bytes left in the file, i32 blank magic }`. */
export function writeBlank(target: Buffer, position: number, bytesLeft: number): void {
  target.writeInt32BE(bytesLeft, position);
  target.writeInt32BE(MAGIC_BLANK, position + 4);
}

/** Position of the body's length field. */
function bodyLengthPosition(buffer: Buffer, position: number): number {
  const sysFlag = sysFlagAt(buffer, position);
  return position + 84 + ((sysFlag & BORN_HOST_V6_FLAG) === 0 ? 0 : V6_EXTRA_BYTES) + ((sysFlag & STORE_HOST_V6_FLAG) === 0 ? 0 : V6_EXTRA_BYTES);
}

/** Where topic and properties of a valid record are. */
export interface RecordText {
  topicStart: number;
  topicEnd: number;
  propertiesStart: number;
  propertiesEnd: number;
}

/** Fills in where topic and properties of the valid record at `position` are; `target` is reused to spare memory. */
export function locateText(buffer: Buffer, position: number, target: RecordText): RecordText {
  const bodyLength = bodyLengthPosition(buffer, position);
  const at = bodyLength + 4 + buffer.readInt32BE(bodyLength);
  const wide = magicAt(buffer, position) === MAGIC_V2;
  target.topicStart = at + (wide ? 2 : 1);
  target.topicEnd = target.topicStart + (wide ? buffer.readInt16BE(at) : buffer[at]);
  target.propertiesStart = target.topicEnd + 2;
  target.propertiesEnd = target.propertiesStart + buffer.readInt16BE(target.topicEnd);
  return target;
}

/** What a position of the commit log turned out to hold: a record, a blank, or neither (then why not). */
export type Finding =
  | 'RECORD'
  | 'BLANK'
  | 'NO_RECORD'
  | 'CUT_OFF'
  | 'BAD_SIZE'
  | 'BAD_OFFSET'
  | 'BAD_LENGTHS'
  | 'BAD_CRC';

/**
 * Examines what is at `position`, of which the bytes up to `limit` are known. A record counts when its magic, its own
 * offset, its inner lengths and (unless `checkCrc` is off) the CRC of its body agree. `CUT_OFF` means that the record
 * claims more bytes than there are. Apache: CommitLog.java, checkMessageAndReturnSize
 */
export function examine(buffer: Buffer, position: number, limit: number, physicalOffset: number, checkCrc: boolean): Finding {
  if (limit - position < BLANK_BYTES) return 'CUT_OFF';
  const magic = magicAt(buffer, position);
  if (magic === MAGIC_BLANK) return recordSizeAt(buffer, position) >= BLANK_BYTES ? 'BLANK' : 'BAD_SIZE';
  if (magic !== MAGIC_V1 && magic !== MAGIC_V2) return 'NO_RECORD';
  const size = recordSizeAt(buffer, position);
  if (size < MIN_RECORD_BYTES) return 'BAD_SIZE';
  if (limit - position < MIN_RECORD_BYTES) return 'CUT_OFF';
  if (physicalOffsetAt(buffer, position) !== physicalOffset) return 'BAD_OFFSET';
  if (limit - position < size) return 'CUT_OFF';
  return examineInside(buffer, position, size, magic, checkCrc);
}

function examineInside(buffer: Buffer, position: number, size: number, magic: number, checkCrc: boolean): Finding {
  const end = position + size;
  const bodyLengthAt = bodyLengthPosition(buffer, position);
  if (bodyLengthAt + 7 > end) return 'BAD_LENGTHS';
  const bodyLength = buffer.readInt32BE(bodyLengthAt);
  const bodyStart = bodyLengthAt + 4;
  if (bodyLength < 0 || bodyStart + bodyLength + 3 > end) return 'BAD_LENGTHS';
  let at = bodyStart + bodyLength;
  if (magic === MAGIC_V2) {
    const topicLength = buffer.readInt16BE(at);
    if (topicLength < 0) return 'BAD_LENGTHS';
    at += 2 + topicLength;
  } else {
    if (buffer[at] > 127) return 'BAD_LENGTHS';
    at += 1 + buffer[at];
  }
  if (at + 2 > end) return 'BAD_LENGTHS';
  const propertiesLength = buffer.readInt16BE(at);
  if (propertiesLength < 0 || at + 2 + propertiesLength !== end) return 'BAD_LENGTHS';
  if (!checkCrc || bodyLength === 0) return 'RECORD';
  return bodyCrc(buffer.subarray(bodyStart, bodyStart + bodyLength)) === bodyCrcAt(buffer, position) ? 'RECORD' : 'BAD_CRC';
}
