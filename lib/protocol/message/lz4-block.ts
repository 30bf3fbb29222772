import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { GrowingBuffer } from './growing-buffer.js';

/*
 * LZ4 block: sequences of { token: literal count (4 bits), match length - 4 (4 bits) | more literal count | literals
 * | u16 LE distance | more match length }; counts of 15 go on in bytes until one is below 255. The last sequence has
 * literals only, at least 5; no match begins within the last 12 bytes. Specification: lz4_Block_format.md of the LZ4 project.
 */

const MIN_MATCH = 4;
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;
const HASH_BITS = 14;
const MAX_DISTANCE = 0xffff;
const COUNT_MASK = 15;

/**
 * Unpacks the block from `start` to `end` behind what `output` holds; matches may reach back to its position `oldest`.
 * @throws RocketMqError `MESSAGE_MALFORMED`, `MESSAGE_TOO_LARGE`
 */
export function decodeLz4Block(source: Buffer, start: number, end: number, output: GrowingBuffer, oldest: number): void {
  let position = start;
  const count = (nibble: number): number => {
    let total = nibble;
    if (nibble < COUNT_MASK) return total;
    for (;;) {
      if (position >= end) throw malformedLz4('ends within a count');
      const more = source[position++];
      total += more;
      if (more < 255) return total;
    }
  };
  while (position < end) {
    const token = source[position++];
    const literals = count(token >> 4);
    if (literals > end - position) throw malformedLz4('ends within literals');
    output.append(source, position, position + literals);
    position += literals;
    if (position === end) return;
    if (end - position < 2) throw malformedLz4('ends within a distance');
    const distance = source.readUInt16LE(position);
    position += 2;
    if (distance === 0 || distance > output.length - oldest) throw malformedLz4(`has a match ${distance} bytes back, before its beginning`);
    output.repeat(distance, count(token & COUNT_MASK) + MIN_MATCH);
  }
}

export function malformedLz4(problem: string): RocketMqError {
  return new RocketMqError('MESSAGE_MALFORMED', `a body marked as lz4-compressed ${problem}`);
}

/** Longest result of packing `bytes` bytes. */
export function lz4Bound(bytes: number): number {
  return bytes + Math.floor(bytes / 255) + 16;
}

/** Packs the bytes from `start` to `end` as one block into `target`; returns the position behind it. Greedy, one candidate per hash. */
export function encodeLz4Block(source: Buffer, start: number, end: number, target: Buffer, targetStart: number): number {
  const candidates = new Int32Array(1 << HASH_BITS).fill(-1);
  let out = targetStart;
  let anchor = start;
  let position = start;
  while (position <= end - MATCH_LIMIT) {
    const word = source.readInt32LE(position);
    const slot = Math.imul(word, -1640531535) >>> (32 - HASH_BITS);
    const candidate = candidates[slot];
    candidates[slot] = position;
    if (candidate < 0 || position - candidate > MAX_DISTANCE || source.readInt32LE(candidate) !== word) {
      position += 1 + ((position - anchor) >> 6);
      continue;
    }
    let length = MIN_MATCH;
    while (position + length < end - LAST_LITERALS && source[candidate + length] === source[position + length]) length++;
    out = putSequence(source, anchor, position, target, out, length - MIN_MATCH);
    out = target.writeUInt16LE(position - candidate, out);
    if (length - MIN_MATCH >= COUNT_MASK) out = putCount(target, out, length - MIN_MATCH - COUNT_MASK);
    position += length;
    anchor = position;
  }
  return putSequence(source, anchor, end, target, out, 0);
}

function putSequence(source: Buffer, literalStart: number, literalEnd: number, target: Buffer, start: number, matchCount: number): number {
  const literals = literalEnd - literalStart;
  target[start] = (Math.min(literals, COUNT_MASK) << 4) | Math.min(matchCount, COUNT_MASK);
  const out = literals >= COUNT_MASK ? putCount(target, start + 1, literals - COUNT_MASK) : start + 1;
  return out + source.copy(target, out, literalStart, literalEnd);
}

function putCount(target: Buffer, start: number, rest: number): number {
  let out = start;
  let left = rest;
  for (; left >= 255; left -= 255) target[out++] = 255;
  target[out++] = left;
  return out;
}
