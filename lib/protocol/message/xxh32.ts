/* xxHash, 32 bits, as LZ4 frames use it (seed 0). Specification: xxhash_spec.md of the xxHash project. */

const PRIME1 = 0x9e3779b1;
const PRIME2 = 0x85ebca77;
const PRIME3 = 0xc2b2ae3d;
const PRIME4 = 0x27d4eb2f;
const PRIME5 = 0x165667b1;

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function round(lane: number, input: number): number {
  return Math.imul(rotate((lane + Math.imul(input, PRIME2)) | 0, 13), PRIME1);
}

/** Hash of a stretch of bytes, unsigned. */
export function xxh32(bytes: Buffer, start: number, end: number): number {
  let position = start;
  let hash: number;
  if (end - start >= 16) {
    let [a, b, c, d] = [(PRIME1 + PRIME2) | 0, PRIME2 | 0, 0, -PRIME1 | 0];
    for (; position <= end - 16; position += 16) {
      a = round(a, bytes.readInt32LE(position));
      b = round(b, bytes.readInt32LE(position + 4));
      c = round(c, bytes.readInt32LE(position + 8));
      d = round(d, bytes.readInt32LE(position + 12));
    }
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else {
    hash = PRIME5;
  }
  hash = (hash + end - start) | 0;
  for (; position <= end - 4; position += 4) hash = Math.imul(rotate((hash + Math.imul(bytes.readInt32LE(position), PRIME3)) | 0, 17), PRIME4);
  for (; position < end; position++) hash = Math.imul(rotate((hash + Math.imul(bytes[position], PRIME5)) | 0, 11), PRIME1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME3);
  return (hash ^ (hash >>> 16)) >>> 0;
}
