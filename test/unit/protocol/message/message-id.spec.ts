import { describe, expect, it } from 'vitest';
import { decodeOffsetMsgId, encodeOffsetMsgId, UniqueKeyGenerator } from '../../../../lib/protocol/message/message-id.js';
import type { Random } from '../../../../lib/runtime/random.js';
import { SystemClock } from '../../../../lib/runtime/clock.js';
import { goldenIds } from '../../../golden/fixtures.js';

class FixedClock extends SystemClock {
  constructor(public time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }
}

const random: Random = { next: () => 0.5, int: () => 0x18b4aac2, uuid: () => '' };

describe('offset message ids', () => {
  it('name host and position', () => {
    expect(encodeOffsetMsgId({ ip: '127.0.0.1', port: 30_911 }, 0)).toBe('7F000001000078BF0000000000000000');
    expect(decodeOffsetMsgId('7f000001000078bf0000000000000123')).toEqual({ host: { ip: '127.0.0.1', port: 30_911 }, physicalOffset: 0x123 });
  });

  it.each(['', 'abc', 'G'.repeat(32), '7F0000010000'])('are refused when they are %j', (id) => {
    expect(() => decodeOffsetMsgId(id)).toThrow(expect.objectContaining({ code: 'PROTOCOL_BAD_FIELD' }));
  });
});

describe('unique keys', () => {
  it('have the parts Apache reads back', () => {
    const start = new Date(2026, 10, 1).getTime();
    const keys = new UniqueKeyGenerator('127.0.0.1', 0x12a3c, new FixedClock(start + 0x1234), random);
    expect(keys.next()).toBe('7F0000012A3C18B4AAC2000012340000');
    expect(keys.next()).toBe('7F0000012A3C18B4AAC2000012340001');
    for (const id of goldenIds()) if (id.kind === 'uniqueId') expect(id.id).toMatch(id.id.length === 32 ? /^[0-9A-F]{32}$/ : /^[0-9A-F]{56}$/);
  });

  it('begin anew with each month and never before it', () => {
    const clock = new FixedClock(new Date(2026, 10, 30, 23, 59, 59).getTime());
    const keys = new UniqueKeyGenerator('::1', 1, clock, random);
    expect(keys.next()).toHaveLength(56);
    clock.time = new Date(2026, 11, 1).getTime() + 5;
    expect(keys.next().slice(-12)).toBe('000000050001');
    clock.time -= 1000;
    expect(keys.next().slice(-12)).toBe('000000000002');
  });

  it('count on past 65535 without repeating within the counter', () => {
    const keys = new UniqueKeyGenerator('127.0.0.1', 1, new FixedClock(Date.now()), random);
    expect(new Set(Array.from({ length: 65_536 }, () => keys.next())).size).toBe(65_536);
    expect(keys.next()).toMatch(/^[0-9A-F]{28}0000$/);
  });
});
