import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { compressBody, compressionTypeOf, decompressBody, withCompression } from '../../../../lib/protocol/message/compression.js';
import { xxh32 } from '../../../../lib/protocol/message/xxh32.js';

/** `printf 'hello hello hello hello hello'` through the reference tools `lz4 -c` and `zstd -c`. */
const LZ4 = Buffer.from('04224d186440a70f0000006e68656c6c6f2006005068656c6c6f0000000079b1fff9', 'hex');
const ZSTD = Buffer.from('28b52ffd04586500003068656c6c6f200100a94b11874e200a', 'hex');

describe('compression', () => {
  it('marks and reads the type in the sysFlag', () => {
    expect((['zlib', 'lz4', 'zstd'] as const).map((type) => withCompression(8, type))).toEqual([0x309, 0x109, 0x209]);
    expect([0x1, 0x301, 0x101, 0x201].map(compressionTypeOf)).toEqual(['zlib', 'zlib', 'lz4', 'zstd']);
    expect(() => compressionTypeOf(0x701)).toThrow(expect.objectContaining({ code: 'COMPRESSION_UNSUPPORTED' }));
  });

  it('leaves bodies alone that are not marked', () => {
    const body = Buffer.from('plain');
    expect(decompressBody(body, 0)).toBe(body);
  });

  it('stops bombs at the limit', () => {
    const zeros = Buffer.alloc(5_000_000);
    for (const type of ['zlib', 'lz4'] as const) {
      const packed = compressBody(zeros, type);
      expect(packed.length).toBeLessThan(30_000);
      expect(() => decompressBody(packed, withCompression(0, type), 1_000_000)).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }));
    }
  });

  it('stops zstd frames that claim or make too much', () => {
    const claims = Buffer.from('28b52ffde000000000ff000000010000', 'hex');
    expect(() => decompressBody(claims, withCompression(0, 'zstd'))).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }));
    // A window of 128 KiB, then 131072 repeated bytes per four, thirty times.
    const repeats = Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), ...Array.from({ length: 30 }, () => Buffer.from([0x02, 0x00, 0x10, 0x61])), Buffer.from([0x03, 0x00, 0x10, 0x61])]);
    expect(() => decompressBody(repeats, withCompression(0, 'zstd'), 1_000_000)).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }));
  });

  it('reads what the reference tools write', () => {
    expect(decompressBody(LZ4, withCompression(0, 'lz4')).toString()).toBe('hello hello hello hello hello');
    expect(decompressBody(ZSTD, withCompression(0, 'zstd')).toString()).toBe('hello hello hello hello hello');
    expect(decompressBody(Buffer.concat([ZSTD, ZSTD]), withCompression(0, 'zstd'))).toHaveLength(58);
  });

  it('never reads what lies before an LZ4 block', () => {
    // One block: a literal, then a match two bytes back of which only one exists.
    const block = Buffer.from('1061020050aaaaaaaaaa', 'hex');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(block.length);
    const frame = Buffer.concat([LZ4.subarray(0, 7), size, block, Buffer.alloc(4)]);
    expect(() => decompressBody(frame, withCompression(0, 'lz4'))).toThrow('before its beginning');
  });

  it('refuses zstd blocks larger than the format allows', () => {
    // A repeated byte, 2 MiB of it in four bytes.
    const frame = Buffer.from('28b52ffd0038fbffff61', 'hex');
    expect(() => decompressBody(frame, withCompression(0, 'zstd'))).toThrow('has a block of type 1');
  });

  it('checks LZ4 checksums', () => {
    const content = Buffer.from(LZ4);
    content[content.length - 1] ^= 1;
    expect(() => decompressBody(content, withCompression(0, 'lz4'))).toThrow('wrong checksum');
    const damaged = Buffer.from(LZ4);
    damaged[6] ^= 1;
    expect(() => decompressBody(damaged, withCompression(0, 'lz4'))).toThrow('damaged frame descriptor');
  });

  it('says that zstd cannot be written', () => {
    expect(() => compressBody(Buffer.from('x'), 'zstd')).toThrow('use zlib or lz4');
  });

  it('refuses a body that is cut', () => {
    const packed = deflateSync(Buffer.alloc(1000, 1));
    expect(() => decompressBody(packed.subarray(0, -3), 1)).toThrow(expect.objectContaining({ code: 'MESSAGE_MALFORMED' }));
    expect(() => decompressBody(Buffer.alloc(0), 1)).toThrow(expect.objectContaining({ code: 'MESSAGE_MALFORMED' }));
  });

  it.each([
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ])('hashes %j as the reference does', (text, hash) => {
    expect(xxh32(Buffer.from(text), 0, text.length)).toBe(hash);
  });
});
