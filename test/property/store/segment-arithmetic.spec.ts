import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { segmentName, segmentStart, segmentStartOf } from '../../../broker/store/commit-log/segment-name.js';
import { TailWindow } from '../../../broker/store/commit-log/tail-window.js';
import { entryPhysicalOffset, entrySize, entryTagsCode, writeEntry } from '../../../broker/store/consume-queue/queue-entry.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../../broker/store/recovery/checkpoint.js';

const offset = fc.maxSafeNat();
/** Around the powers of two where 32-bit arithmetic would break. */
const edge = fc.tuple(fc.constantFrom(31, 32, 33, 40, 48, 52), fc.integer({ min: -3, max: 3 })).map(([power, distance]) => 2 ** power + distance);
const anyOffset = fc.oneof(offset, edge);

describe('segment arithmetic', () => {
  it('names sort as the offsets they stand for, and give them back', () => {
    fc.assert(
      fc.property(anyOffset, anyOffset, (a, b) => {
        expect(segmentStart(segmentName(a))).toBe(a);
        expect(Math.sign(segmentName(a) < segmentName(b) ? -1 : segmentName(a) === segmentName(b) ? 0 : 1)).toBe(Math.sign(a - b));
      }),
    );
  });

  it('finds the segment of an offset exactly, as whole numbers without a limit do', () => {
    fc.assert(
      fc.property(anyOffset, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (at, size) => {
        expect(BigInt(segmentStartOf(at, size))).toBe((BigInt(at) / BigInt(size)) * BigInt(size));
      }),
    );
  });

  it('keeps every field of a queue entry', () => {
    fc.assert(
      fc.property(anyOffset, fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.oneof(fc.integer(), edge), (physicalOffset, size, tagsCode) => {
        const entry = Buffer.alloc(20);
        writeEntry(entry, 0, physicalOffset, size, tagsCode);
        expect([entryPhysicalOffset(entry, 0), entrySize(entry, 0), entryTagsCode(entry, 0)]).toEqual([physicalOffset, size, tagsCode]);
        expect([entry.readBigInt64BE(0), entry.readBigInt64BE(12)]).toEqual([BigInt(physicalOffset), BigInt(tagsCode)]);
      }),
    );
  });

  it('keeps a checkpoint, and drops our offsets when another broker wrote its times', () => {
    fc.assert(
      fc.property(fc.tuple(anyOffset, anyOffset, anyOffset, anyOffset, anyOffset), anyOffset, (times, at) => {
        const [physicMsgTimestamp, logicsMsgTimestamp, indexMsgTimestamp, masterFlushedOffset, confirmPhyOffset] = times;
        const exact = { safeOffset: at, syncedOffset: at, indexOffset: at, endOffset: -1, queueCount: 7 };
        const checkpoint = { physicMsgTimestamp, logicsMsgTimestamp, indexMsgTimestamp, masterFlushedOffset, confirmPhyOffset, exact };
        const bytes = encodeCheckpoint(checkpoint);
        expect(decodeCheckpoint(bytes)).toEqual(checkpoint);
        bytes[15] ^= 1;
        expect(decodeCheckpoint(bytes).exact).toBeUndefined();
      }),
    );
  });
});

describe('the tail window', () => {
  it('gives back what was put in, wherever a block ends, and forgets what is cut', () => {
    fc.assert(
      fc.property(anyOffset.filter((at) => at < 2 ** 52), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 }), fc.nat(), (start, sizes, cutSeed) => {
        const tail = new TailWindow(512, 1 << 20);
        const ends: number[] = [];
        let end = start;
        for (const [index, size] of sizes.entries()) {
          const block = tail.reserve(end, size + 8, start);
          block.buffer.fill(index, block.length, block.length + size);
          block.length += size;
          end += size;
          ends.push(end);
        }
        const cut = ends[cutSeed % ends.length];
        tail.cutTo(cut);
        let at = start;
        for (const [index, size] of sizes.entries()) {
          const block = tail.find(at);
          if (at < cut) expect(block?.buffer[at - block.start]).toBe(index & 0xff);
          else expect(block).toBeUndefined();
          at += size;
        }
      }),
    );
  });
});
