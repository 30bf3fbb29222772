import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { IdempotencyRecord } from '../../../lib/idempotency/idempotency-store.js';
import { bodyLengthOf, decodeEntry, encodeEntry, isIntact, PREFIX_BYTES } from '../../../lib/idempotency/stores/file/record-codec.js';

const RECORD: IdempotencyRecord = {
  scope: 'g/h',
  key: 'ü1',
  state: 'completed',
  owner: 'o',
  token: 1_700_000_000_000,
  attempt: 2,
  fingerprint: 'f',
  leaseExpiresAtMs: 3,
  expiresAtMs: 4,
  updatedAtMs: 5,
  result: { kind: 'json', value: [1] },
  reason: undefined,
};

describe('journal records', () => {
  it('have the bytes that the format says', () => {
    // Written down by hand from the layout, so that files of this version stay readable.
    const body = [
      '02 01 01 00 00000002 4059000000000000 4278bcfe56800000 4008000000000000 4010000000000000 4014000000000000',
      '0003 0003 0001 0001 0000 00000003 672f68 c3bc31 6f 66 5b315d',
    ]
      .join('')
      .replaceAll(' ', '');
    const bytes = encodeEntry({ kind: 'state', record: RECORD }, 100);
    expect(bytes.subarray(0, 8).toString('hex')).toBe('a51de09c' + (body.length / 2).toString(16).padStart(8, '0'));
    expect(bytes.subarray(PREFIX_BYTES).toString('hex')).toBe(body);
    expect(isIntact(bytes)).toBe(true);
  });

  it('come back as they were', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 });
    const result = fc.oneof(fc.constant({ kind: 'none' as const }), fc.uint8Array().map((bytes) => ({ kind: 'bytes' as const, bytes })), fc.string({ unit: 'binary' }).map((value) => ({ kind: 'json' as const, value })));
    const text = fc.string({ unit: 'binary' });
    const record: fc.Arbitrary<IdempotencyRecord> = fc.record({
      scope: text, key: text, owner: text, fingerprint: fc.option(text, { nil: undefined }), reason: fc.option(text, { nil: undefined }),
      state: fc.constantFrom('in-progress' as const, 'completed' as const, 'released' as const),
      token: fc.maxSafeNat(), attempt: fc.nat(), leaseExpiresAtMs: time, expiresAtMs: time, updatedAtMs: time, result,
    });
    fc.assert(fc.property(record, fc.maxSafeNat(), (value, syncedTo) => {
      const bytes = encodeEntry({ kind: 'state', record: value }, syncedTo);
      expect(bodyLengthOf(bytes)).toBe(bytes.length - PREFIX_BYTES);
      expect(decodeEntry(bytes)).toEqual({ syncedTo, entry: { kind: 'state', record: value } });
    }));
    expect(decodeEntry(encodeEntry({ kind: 'forgotten', scope: 's', key: 'k', token: 9 }, 1)).entry).toEqual({ kind: 'forgotten', scope: 's', key: 'k', token: 9 });
    expect(decodeEntry(encodeEntry({ kind: 'mark', token: 9 }, 1)).entry).toEqual({ kind: 'mark', token: 9 });
  });

  it('show every changed byte of their body', () => {
    const bytes = encodeEntry({ kind: 'state', record: RECORD }, 100);
    for (let at = 8; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 0x40;
      expect(isIntact(changed), `byte ${at}`).toBe(false);
    }
  });

  it('are refused when they contradict themselves', () => {
    const bytes = encodeEntry({ kind: 'state', record: RECORD }, 100);
    for (const at of [0, 1, 49, 61]) {
      const changed = Buffer.from(bytes);
      changed[PREFIX_BYTES + at] = 200;
      expect(() => decodeEntry(changed)).toThrow(RangeError);
    }
  });
});
