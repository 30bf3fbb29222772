import { beforeEach, describe, expect, it } from 'vitest';

import { ArrivalWaiters, type ArrivalWait } from '../../../broker/long-polling/arrival-waiters.js';
import { VirtualClock } from '../../support/virtual-clock.js';

describe('waiting for messages', () => {
  let clock: VirtualClock;
  let maxOffset: number;
  let waiters: ArrivalWaiters;

  beforeEach(() => {
    clock = new VirtualClock();
    maxOffset = 5;
    waiters = new ArrivalWaiters(clock, () => maxOffset);
  });

  const wait = (rest: Partial<ArrivalWait> = {}) => {
    const outcomes: string[] = [];
    void waiters.waitFor({ topic: 'T', queueId: 0, offset: 5, timeoutMs: 15_000, connectionId: 1, ...rest }).then((outcome) => outcomes.push(outcome));
    return outcomes;
  };
  const arrive = (nextQueueOffset: number, tagsCode = 0, queueId = 0) => waiters.messageArrived({ topic: 'T', queueId, nextQueueOffset, tagsCode, storeTimestamp: 1 });
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('ends with a message of that queue behind the offset', async () => {
    const outcome = wait();
    arrive(5);
    arrive(6, 0, 1);
    await settle();
    expect(outcome).toEqual([]);
    arrive(6);
    await settle();
    expect(outcome).toEqual(['arrived']);
    expect(waiters.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends at once when the message came while the pull was reading', async () => {
    maxOffset = 6;
    const outcome = wait();
    await settle();
    expect(outcome).toEqual(['arrived']);
  });

  it('ends when the time is up', async () => {
    const outcome = wait();
    await clock.advanceAsync(14_999);
    expect(outcome).toEqual([]);
    await clock.advanceAsync(1);
    expect(outcome).toEqual(['timeout']);
  });

  it('ends with its connection, the others of the queue go on', async () => {
    const gone = wait();
    const other = wait({ connectionId: 2 });
    waiters.connectionClosed(1);
    await settle();
    expect([gone, other]).toEqual([['closed'], []]);
    arrive(6);
    await settle();
    expect(other).toEqual(['arrived']);
  });

  it('passes over messages the filter refuses, but for a few seconds at most', async () => {
    const outcome = wait({ matchesTagsCode: (code) => code === 7 });
    const matched = wait({ matchesTagsCode: (code) => code === 8 });
    arrive(6, 8);
    await settle();
    expect([outcome, matched]).toEqual([[], ['arrived']]);
    await clock.advanceAsync(3_000);
    arrive(7, 9);
    await clock.advanceAsync(1_999);
    expect(outcome).toEqual([]);
    await clock.advanceAsync(1);
    expect(outcome).toEqual(['arrived']);
  });

  it('does not wait longer because of refused messages', async () => {
    const outcome = wait({ timeoutMs: 2_000, matchesTagsCode: () => false });
    arrive(6, 1);
    await clock.advanceAsync(2_000);
    expect(outcome).toEqual(['timeout']);
  });

  it('ends for all when the broker stops', async () => {
    const outcomes = [wait(), wait({ connectionId: 2, queueId: 3 })];
    waiters.releaseAll();
    await settle();
    expect(outcomes).toEqual([['timeout'], ['timeout']]);
    expect(waiters.size).toBe(0);
  });
});
