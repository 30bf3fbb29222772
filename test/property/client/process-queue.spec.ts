import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProcessQueue } from '../../../lib/client/consumer/process-queue.js';
import type { QueueEntry } from '../../../lib/client/consumer/process-queue.js';
import { messageExt } from '../../support/message-ext.js';

const QUEUE = { topic: 'T', brokerName: 'broker-a', queueId: 0 };
const LIMITS = { messages: 50, bytes: 10_000, span: 60 };

/** What may happen to a queue, as numbers to choose by. */
const stepsArb = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('pull' as const), gaps: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 32 }), tail: fc.nat(5) }),
    fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kind: fc.constant('settle' as const), which: fc.array(fc.nat(1_000), { minLength: 1, maxLength: 8 }) }),
  ),
  { maxLength: 200 },
);

describe('a process queue', () => {
  it('commits the lowest unsettled offset, in whatever order messages are settled', () => {
    fc.assert(
      fc.property(stepsArb, fc.nat(1_000_000), (steps, start) => {
        const queue = new ProcessQueue(QUEUE, start, LIMITS);
        const unsettled = new Set<number>();
        let underWay: QueueEntry[] = [];
        let next = start;
        let taken = -1;
        for (const step of steps) {
          if (step.kind === 'pull') {
            // Filtered messages leave gaps between offsets, and after the last one.
            const offsets = step.gaps.map((gap) => (next += gap));
            next += step.tail + 1;
            queue.put(offsets.map((queueOffset) => messageExt({ queueOffset })), next);
            offsets.forEach((offset) => unsettled.add(offset));
          } else if (step.kind === 'take') {
            for (const entry of queue.take(step.count, 1)) {
              expect(entry.message.queueOffset).toBeGreaterThan(taken);
              taken = entry.message.queueOffset;
              underWay.push(entry);
            }
          } else {
            const settled = [...new Set(step.which.map((index) => underWay[index % Math.max(1, underWay.length)]).filter(Boolean))];
            queue.settle(settled);
            settled.forEach((entry) => unsettled.delete(entry.message.queueOffset));
            underWay = underWay.filter((entry) => !settled.includes(entry));
          }
          expect(queue.commitOffset).toBe(unsettled.size === 0 ? next : Math.min(...unsettled));
          expect(queue.cachedBytes).toBe(unsettled.size * 4);
          expect(queue.nextOffset).toBe(next);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has room exactly while count, bytes and span are within their limits', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ gap: fc.integer({ min: 1, max: 20 }), bytes: fc.nat(2_000) }), { maxLength: 70 }), (messages) => {
        const queue = new ProcessQueue(QUEUE, 0, LIMITS);
        let offset = 0;
        const put = messages.map(({ gap, bytes }) => messageExt({ queueOffset: (offset += gap), body: Buffer.alloc(bytes) }));
        queue.put(put, offset + 1);
        const bytes = put.reduce((sum, message) => sum + message.body.length, 0);
        const span = put.length === 0 ? 0 : offset - put[0].queueOffset;
        expect(queue.hasRoom).toBe(put.length < LIMITS.messages && bytes < LIMITS.bytes && span <= LIMITS.span);
      }),
    );
  });

  it('wakes the puller when settling makes room, and not before', async () => {
    const queue = new ProcessQueue(QUEUE, 0, { ...LIMITS, messages: 2 });
    queue.put([0, 1, 2].map((queueOffset) => messageExt({ queueOffset })), 3);
    let awake = false;
    const waiting = queue.waitForRoom().then(() => (awake = true));
    const [first, second, third] = queue.take(3, 1);
    queue.settle([third]);
    queue.settle([second]);
    await Promise.resolve();
    expect(awake).toBe(false);
    queue.settle([first]);
    await waiting;
    expect(queue.commitOffset).toBe(3);
  });

  it('offers nothing and wakes the puller once it is dropped', async () => {
    const queue = new ProcessQueue(QUEUE, 0, { ...LIMITS, messages: 1 });
    queue.put([messageExt({ queueOffset: 0 })], 1);
    const waiting = queue.waitForRoom();
    queue.drop();
    await waiting;
    expect(queue.hasAvailable).toBe(false);
    expect(queue.take(1, 1)).toEqual([]);
    queue.takeBack();
    expect(queue.hasAvailable).toBe(false);
    expect(queue.commitOffset).toBe(0);
  });
});
