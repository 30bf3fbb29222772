import { GrowingBuffer } from './growing-buffer.js';
import { decodeLz4Block, encodeLz4Block, lz4Bound, malformedLz4 } from './lz4-block.js';
import { xxh32 } from './xxh32.js';

/*
 * LZ4 frame, little-endian: u32 magic | u8 flags | u8 largest block | [u64 content size] | [u32 dictionary] | u8 header checksum
 * | { u32 size (top bit: stored as is), block, [u32 block checksum] }* | u32 0 | [u32 content checksum].
 * Written here rather than taken from a package: those for Node trust the sizes a frame claims or need a native build.
 * Specification: lz4_Frame_format.md of the LZ4 project.
 */

const MAGIC = 0x184d2204;
const VERSION_MASK = 0xc0;
const VERSION = 0x40;
const INDEPENDENT = 0x20;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const DICTIONARY = 0x01;
const STORED = 0x8000_0000;
/** Block sizes by their code in the descriptor, 4 to 7. */
const BLOCK_BYTES: readonly number[] = [0, 0, 0, 0, 1 << 16, 1 << 18, 1 << 20, 1 << 22];
const OWN_BLOCK_CODE = 7;
/** A match reaches back no further. */
const WINDOW = 0x1_0000;

/**
 * Unpacks one frame; all checksums it has are verified.
 * @throws RocketMqError `MESSAGE_MALFORMED`, `MESSAGE_TOO_LARGE`
 */
export function decodeLz4Frame(frame: Buffer, maxBytes: number): Buffer {
  const { flags, blockBytes, end: headerEnd } = readHeader(frame);
  const output = new GrowingBuffer(frame.length * 3, maxBytes);
  let position = headerEnd;
  for (;;) {
    if (frame.length - position < 4) throw malformedLz4('has no end mark');
    const word = frame.readUInt32LE(position);
    position += 4;
    if (word === 0) break;
    const end = position + (word & ~STORED);
    if (end - position > blockBytes || end > frame.length) throw malformedLz4(`claims a block of ${end - position} bytes`);
    if (word >= STORED) output.append(frame, position, end);
    else decodeLz4Block(frame, position, end, output, (flags & INDEPENDENT) !== 0 ? output.length : Math.max(0, output.length - WINDOW));
    position = (flags & BLOCK_CHECKSUM) !== 0 ? verify(frame, end, xxh32(frame, position, end)) : end;
  }
  const content = output.written();
  if ((flags & CONTENT_CHECKSUM) !== 0) verify(frame, position, xxh32(content, 0, content.length));
  return content;
}

function readHeader(frame: Buffer): { flags: number; blockBytes: number; end: number } {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw malformedLz4('does not begin as an LZ4 frame');
  const flags = frame[4];
  const blockBytes = BLOCK_BYTES[(frame[5] >> 4) & 7];
  if ((flags & VERSION_MASK) !== VERSION || blockBytes === 0) throw malformedLz4('has an unknown frame descriptor');
  if ((flags & DICTIONARY) !== 0) throw malformedLz4('needs a dictionary');
  const checksumAt = 6 + ((flags & CONTENT_SIZE) !== 0 ? 8 : 0);
  if (checksumAt >= frame.length || frame[checksumAt] !== headerChecksum(frame, checksumAt)) throw malformedLz4('has a damaged frame descriptor');
  return { flags, blockBytes, end: checksumAt + 1 };
}

function headerChecksum(frame: Buffer, end: number): number {
  return (xxh32(frame, 4, end) >>> 8) & 0xff;
}

/** Compares the checksum at `position`; returns the position behind it. */
function verify(frame: Buffer, position: number, expected: number): number {
  if (frame.length - position < 4 || frame.readUInt32LE(position) !== expected) throw malformedLz4('has a wrong checksum');
  return position + 4;
}

/** Packs `content` as one frame of independent blocks. */
export function encodeLz4Frame(content: Buffer): Buffer {
  const blockBytes = BLOCK_BYTES[OWN_BLOCK_CODE];
  const blocks = Math.ceil(content.length / blockBytes);
  const frame = Buffer.allocUnsafe(7 + lz4Bound(content.length) + blocks * (4 + 16) + 4);
  frame.writeUInt32LE(MAGIC, 0);
  frame[4] = VERSION | INDEPENDENT;
  frame[5] = OWN_BLOCK_CODE << 4;
  frame[6] = headerChecksum(frame, 6);
  let out = 7;
  for (let start = 0; start < content.length; start += blockBytes) out = putBlock(content, start, Math.min(content.length, start + blockBytes), frame, out);
  frame.writeUInt32LE(0, out);
  return frame.subarray(0, out + 4);
}

function putBlock(content: Buffer, start: number, end: number, frame: Buffer, out: number): number {
  const packedEnd = encodeLz4Block(content, start, end, frame, out + 4);
  if (packedEnd - out - 4 < end - start) {
    frame.writeUInt32LE(packedEnd - out - 4, out);
    return packedEnd;
  }
  frame.writeUInt32LE(STORED + end - start, out);
  return out + 4 + content.copy(frame, out + 4, start, end);
}
