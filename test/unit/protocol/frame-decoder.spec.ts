import { describe, expect, it } from 'vitest';
import { FrameDecoder } from '../../../lib/protocol/frame-decoder.js';

function frame(rest: number): Buffer {
  const bytes = Buffer.alloc(4 + rest, 7);
  bytes.writeUInt32BE(rest, 0);
  return bytes;
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0, 0);
  return bytes;
}

describe('FrameDecoder', () => {
  it('gives frames that lie within one chunk as slices of it', () => {
    const chunk = Buffer.concat([frame(10), frame(4), frame(20)]);
    const frames: Buffer[] = [];
    new FrameDecoder().feed(chunk, (found) => frames.push(found));
    expect(frames.map(({ length: size }) => size)).toEqual([14, 8, 24]);
    for (const found of frames) expect(found.buffer).toBe(chunk.buffer);
  });

  it('gathers a frame that arrives byte by byte, behind and before whole ones', () => {
    const decoder = new FrameDecoder();
    const sizes: number[] = [];
    const take = (found: Buffer): void => void sizes.push(found.length);
    const stream = Buffer.concat([frame(5), frame(300), frame(6)]);
    for (const byte of stream) decoder.feed(Buffer.from([byte]), take);
    expect(sizes).toEqual([9, 304, 10]);
    expect(decoder.pendingBytes).toBe(0);
  });

  it('takes nothing from an empty chunk', () => {
    const decoder = new FrameDecoder();
    decoder.feed(Buffer.from([0, 0]), () => expect.unreachable());
    decoder.feed(Buffer.alloc(0), () => expect.unreachable());
    expect(decoder.pendingBytes).toBe(2);
  });

  it.each([
    ['2 GB', 0x7fff_ffff],
    ['a negative length', -1],
    ['one byte over the limit', 16 * 1024 * 1024 - 3],
  ])('refuses a claim of %s at once', (_name, claimed) => {
    const decoder = new FrameDecoder();
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decoder.feed(length(claimed), () => expect.unreachable())).toThrow(expect.objectContaining({ code: 'PROTOCOL_FRAME_TOO_LARGE' }));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it('accepts a frame of exactly the limit', () => {
    const sizes: number[] = [];
    new FrameDecoder(100).feed(frame(96), ({ length: size }) => sizes.push(size));
    expect(sizes).toEqual([100]);
    expect(() => new FrameDecoder(100).feed(frame(97), () => undefined)).toThrow('at most 100');
  });

  it('reserves little for a large frame of which little has arrived', () => {
    const before = process.memoryUsage().arrayBuffers;
    const decoders = Array.from({ length: 50 }, () => new FrameDecoder());
    for (const decoder of decoders) decoder.feed(length(15_000_000), () => undefined);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 70_000);
    expect(decoders[0].pendingBytes).toBe(4);
  });

  it('refuses a frame without room for the header length', () => {
    expect(() => new FrameDecoder().feed(length(3), () => undefined)).toThrow(expect.objectContaining({ code: 'PROTOCOL_MALFORMED_FRAME' }));
  });

  it('gives the frames before a bad one, and nothing afterwards', () => {
    const decoder = new FrameDecoder();
    const sizes: number[] = [];
    const take = ({ length: size }: Buffer): void => void sizes.push(size);
    expect(() => decoder.feed(Buffer.concat([frame(10), length(-5)]), take)).toThrow('claims');
    expect(sizes).toEqual([14]);
    expect(() => decoder.feed(frame(10), take)).toThrow('claims');
    expect(sizes).toEqual([14]);
  });
});
