import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateStrategyOf } from '../../../lib/client/consumer/allocate-strategy.js';
import { compareQueues, compareText, queueKey } from '../../../lib/client/message-queue.js';
import type { AllocateStrategyName } from '../../../lib/client/types.js';

const queuesArb = fc
  .uniqueArray(fc.record({ topic: fc.constant('T'), brokerName: fc.constantFrom('broker-a', 'broker-b', 'broker-c'), queueId: fc.nat(40) }), {
    selector: queueKey,
    minLength: 0,
    maxLength: 60,
  })
  .map((queues) => queues.sort(compareQueues));
const clientsArb = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 20 }).map((clients) => clients.sort(compareText));

describe.each<AllocateStrategyName>(['AVG', 'AVG_BY_CIRCLE', 'CONSISTENT_HASH'])('sharing queues by %s', (name) => {
  const strategy = allocateStrategyOf(name);

  it('gives every queue to exactly one member', () => {
    fc.assert(
      fc.property(queuesArb, clientsArb, (queues, clients) => {
        const given = clients.flatMap((client) => strategy.allocate(client, queues, clients)).map(queueKey);
        expect(given.sort()).toEqual(queues.map(queueKey).sort());
      }),
    );
  });

  it('gives nothing to one who is not a member', () => {
    fc.assert(
      fc.property(queuesArb, clientsArb, (queues, clients) => {
        expect(strategy.allocate('not a member of this group', queues, clients)).toEqual([]);
      }),
    );
  });
});

describe.each<AllocateStrategyName>(['AVG', 'AVG_BY_CIRCLE'])('sharing queues evenly by %s', (name) => {
  it('lets no two members differ by more than one queue', () => {
    fc.assert(
      fc.property(queuesArb, clientsArb, (queues, clients) => {
        const sizes = clients.map((client) => allocateStrategyOf(name).allocate(client, queues, clients).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('sharing queues by CONSISTENT_HASH', () => {
  it('moves queues only to the member that joined', () => {
    fc.assert(
      fc.property(queuesArb, clientsArb, fc.string({ minLength: 13, maxLength: 16 }), (queues, clients, newcomer) => {
        const strategy = allocateStrategyOf('CONSISTENT_HASH');
        const grown = [...clients, newcomer].sort(compareText);
        for (const client of clients) {
          const before = new Set(strategy.allocate(client, queues, clients).map(queueKey));
          for (const queue of strategy.allocate(client, queues, grown)) expect(before.has(queueKey(queue))).toBe(true);
        }
      }),
    );
  });
});
