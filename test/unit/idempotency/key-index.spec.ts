import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hashOf, KeyIndex, type KeyHash } from '../../../lib/idempotency/stores/file/key-index.js';

function hashes(key: number): KeyHash {
  return hashOf('orders/deduct', `order-${key}`, 7);
}

describe('KeyIndex', () => {
  it('finds, removes and expires as a map does, however hashes collide', () => {
    const hash = fc.record({ high: fc.integer({ min: 0, max: 2 }), low: fc.oneof(fc.integer({ min: 1020, max: 1026 }), fc.integer({ min: 0, max: 5000 })) });
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), hash, expiresIn: fc.integer({ min: 1, max: 50 }) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), limit: fc.integer({ min: 1, max: 5 }) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const index = new KeyIndex();
        const model = new Map<number, { hash: KeyHash; expiry: number }>();
        let position = 16;
        let cursor = 0;
        for (const [now, action] of steps.entries()) {
          if (action.kind === 'add') {
            index.add(action.hash, { position, length: 7 }, (now + action.expiresIn) * 1000);
            model.set(position, { hash: action.hash, expiry: now + action.expiresIn });
            position += 7;
          } else if (action.kind === 'remove' && model.size > 0) {
            const [place, { hash: at }] = [...model][action.pick % model.size];
            expect(index.remove(at, place)).toBe(true);
            expect(index.remove(at, place)).toBe(false);
            model.delete(place);
          } else if (action.kind === 'expire') {
            const expired = [...model].filter(([, entry]) => entry.expiry <= now).map(([place]) => place);
            const result = index.removeExpired(now * 1000, action.limit, cursor);
            cursor = result.cursor;
            expect(result.removed).toHaveLength(Math.min(action.limit, expired.length));
            for (const place of result.removed) {
              expect(expired).toContain(place.position);
              model.delete(place.position);
            }
          }
          expect(index.size).toBe(model.size);
        }
        for (const [place, { hash: at }] of model) expect(index.find(at, (candidate) => candidate.position === place)).toEqual({ position: place, length: 7 });
      }),
    );
  });

  it('holds a million keys in the memory that is promised, and finds them', () => {
    const index = new KeyIndex();
    const count = 1_000_000;
    for (let key = 0; key < count; key++) index.add(hashes(key), { position: key * 150, length: 150 }, 1e12);
    expect(index.byteLength).toBeLessThanOrEqual(64 * count);
    for (let key = 0; key < count; key += 997) expect(index.find(hashes(key), (place) => place.position === key * 150)).toBeDefined();
    expect(index.find(hashes(count), () => true)).toBeUndefined();
  });

  it('hashes by the seed', () => {
    expect(hashOf('a', 'b', 1)).toEqual(hashOf('a', 'b', 1));
    expect(hashOf('a', 'b', 1)).not.toEqual(hashOf('a', 'b', 2));
    expect(hashOf('ab', 'c', 1)).not.toEqual(hashOf('a', 'bc', 1));
  });
});
