import { Decompress } from 'fzstd';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { GrowingBuffer } from './growing-buffer.js';

/*
 * Zstandard frame, little-endian: u32 magic | u8 descriptor | [u8 window] | [dictionary id] | [content size] | blocks | [u32 checksum].
 * Block: u24 { last:1, type:2 (raw, repeated byte, compressed), size:21 }, then its bytes (one for a repeated byte).
 * Unpacking is the library's; what is read here are the sizes it would reserve memory by. Specification: RFC 8878.
 */

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** What a block may hold at most. */
const MAX_BLOCK_BYTES = 1 << 17;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const BLOCK_REPEATED = 1;
const BLOCK_RESERVED = 3;

/**
 * Unpacks one frame or several in a row. A checksum is not verified: the record's own CRC covers the packed bytes.
 * @throws RocketMqError `MESSAGE_MALFORMED`, `MESSAGE_TOO_LARGE`
 */
export function decodeZstdFrame(body: Buffer, maxBytes: number): Buffer {
  const output = new GrowingBuffer(body.length * 3, maxBytes);
  let position = 0;
  do {
    const end = frameEnd(body, position, maxBytes);
    if (!isSkippable(body, position)) unpack(body.subarray(position, end), output);
    position = end;
  } while (position < body.length);
  return output.written();
}

function unpack(frame: Buffer, output: GrowingBuffer): void {
  const stream = new Decompress((chunk) => output.append(chunk, 0, chunk.length));
  try {
    stream.push(frame, true);
  } catch (error) {
    throw error instanceof RocketMqError ? error : malformed('cannot be decompressed', error);
  }
}

function isSkippable(body: Buffer, start: number): boolean {
  return (body.readUInt32LE(start) & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** Where the frame at `start` ends; checks what it claims on the way. */
function frameEnd(body: Buffer, start: number, maxBytes: number): number {
  if (body.length - start < 9) throw malformed('is cut off');
  if (isSkippable(body, start)) return within(body, start + 8 + body.readUInt32LE(start + 4));
  if (body.readUInt32LE(start) !== MAGIC) throw malformed('does not begin as a Zstandard frame');
  const descriptor = body[start + 4];
  const singleSegment = (descriptor >> 5) & 1;
  const dictionaryBytes = DICTIONARY_ID_BYTES[descriptor & 3];
  if (dictionaryBytes > 0) throw malformed('needs a dictionary');
  const sizeCode = descriptor >> 6;
  const sizeBytes = sizeCode === 0 ? singleSegment : CONTENT_SIZE_BYTES[sizeCode];
  const sizeAt = start + 6 - singleSegment;
  const blocksAt = within(body, sizeAt + sizeBytes);
  const contentBytes = contentSize(body, sizeAt, sizeBytes);
  const windowBytes = singleSegment === 1 ? contentBytes : windowSize(body[start + 5]);
  if (Math.max(contentBytes, windowBytes) > maxBytes) {
    throw new RocketMqError('MESSAGE_TOO_LARGE', `a zstd-compressed body claims ${Math.max(contentBytes, windowBytes)} bytes; at most ${maxBytes} are accepted`);
  }
  return within(body, blocksEnd(body, blocksAt) + ((descriptor & 4) !== 0 ? 4 : 0));
}

function contentSize(body: Buffer, at: number, bytes: number): number {
  switch (bytes) {
    case 0:
      return 0;
    case 1:
      return body[at];
    case 2:
      return body.readUInt16LE(at) + 256;
    case 4:
      return body.readUInt32LE(at);
    default:
      return body.readUInt32LE(at) + body.readUInt32LE(at + 4) * 0x1_0000_0000;
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function blocksEnd(body: Buffer, start: number): number {
  let position = start;
  for (;;) {
    within(body, position + 3);
    const header = body.readUIntLE(position, 3);
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === BLOCK_RESERVED || size > MAX_BLOCK_BYTES) throw malformed(`has a block of type ${type} with ${size} bytes`);
    position = within(body, position + 3 + (type === BLOCK_REPEATED ? 1 : size));
    if ((header & 1) === 1) return position;
  }
}

function within(body: Buffer, position: number): number {
  if (position > body.length) throw malformed('is cut off');
  return position;
}

function malformed(problem: string, cause?: unknown): RocketMqError {
  return new RocketMqError('MESSAGE_MALFORMED', `a body marked as zstd-compressed ${problem}`, { cause });
}
