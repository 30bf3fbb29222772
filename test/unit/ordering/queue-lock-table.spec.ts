import { beforeEach, describe, expect, it } from 'vitest';

import { QueueLockTable } from '../../../broker/ordering/queue-lock-table.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const queue = (queueId: number) => ({ topic: 'T', brokerName: 'b', queueId });

describe('queue locks', () => {
  let clock: VirtualClock;
  let locks: QueueLockTable;

  beforeEach(() => {
    clock = new VirtualClock();
    locks = new QueueLockTable(clock);
  });

  it('belong to one client of a group at a time', () => {
    expect(locks.lock('G', [queue(0), queue(1)], 'a')).toEqual([queue(0), queue(1)]);
    expect(locks.lock('G', [queue(1), queue(2)], 'b')).toEqual([queue(2)]);
    expect(locks.lock('H', [queue(1)], 'b')).toEqual([queue(1)]);
  });

  it('last while they are renewed, and a minute longer', () => {
    locks.lock('G', [queue(0)], 'a');
    clock.advance(50_000);
    locks.lock('G', [queue(0)], 'a');
    clock.advance(60_000);
    expect(locks.lock('G', [queue(0)], 'b')).toEqual([]);
    clock.advance(1);
    expect(locks.isLocked('G')).toBe(false);
    expect(locks.lock('G', [queue(0)], 'b')).toEqual([queue(0)]);
    expect(locks.lock('G', [queue(0)], 'a')).toEqual([]);
  });

  it('are given back only by their holder', () => {
    locks.lock('G', [queue(0)], 'a');
    locks.unlock('G', [queue(0)], 'b');
    expect(locks.isLocked('G')).toBe(true);
    locks.unlock('G', [queue(0)], 'a');
    expect(locks.isLocked('G')).toBe(false);
    expect(locks.lock('G', [queue(0)], 'b')).toEqual([queue(0)]);
  });
});
