import { describe, expect, it } from 'vitest';

import { PurgeSchedule } from '../../../lib/idempotency/purge-schedule.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { VirtualClock } from '../../support/virtual-clock.js';

async function finish(store: MemoryIdempotencyStore, key: string, retentionMs?: number): Promise<void> {
  const answer = await store.claim({ scope: 's', key, owner: 'o' });
  if (answer.state !== 'acquired') throw new Error(answer.state);
  await store.complete(answer.claim, { retentionMs });
}

describe('MemoryIdempotencyStore when full', () => {
  it('refuses new keys, or forgets the one completed longest ago when told so', async () => {
    const clock = new VirtualClock();
    for (const whenFull of ['refuse', 'evict'] as const) {
      const store = new MemoryIdempotencyStore({ clock, keysMax: 3, whenFull });
      await store.claim({ scope: 's', key: 'busy', owner: 'o' });
      await finish(store, 'a');
      await finish(store, 'b');
      if (whenFull === 'refuse') await expect(finish(store, 'c')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retryable: true });
      else await finish(store, 'c');
      const { records } = await store.list();
      expect(records.map((record) => record.key)).toEqual(whenFull === 'refuse' ? ['a', 'b', 'busy'] : ['b', 'busy', 'c']);
      expect(await store.claim({ scope: 's', key: 'b', owner: 'o' })).toMatchObject({ state: 'completed' });
    }
  });

  it('makes room of expired keys first, and never of keys in progress', async () => {
    const clock = new VirtualClock();
    const store = new MemoryIdempotencyStore({ clock, keysMax: 2, whenFull: 'evict' });
    await finish(store, 'long', 60_000);
    await finish(store, 'short', 1000);
    clock.advance(1000);
    await store.claim({ scope: 's', key: 'busy', owner: 'o' });
    expect(await store.find('s', 'long')).toBeDefined();
    await store.claim({ scope: 's', key: 'busy2', owner: 'o' });
    await expect(store.claim({ scope: 's', key: 'busy3', owner: 'o' })).rejects.toThrow(/full/);
  });
});

describe('PurgeSchedule', () => {
  it('purges in batches from time to time, tells failures and goes on, until it is stopped', async () => {
    const clock = new VirtualClock();
    const answers: (number | Error)[] = [10, 10, 3, new Error('down'), 0];
    const limits: (number | undefined)[] = [];
    const errors: unknown[] = [];
    const purgeExpired = async (limit?: number): Promise<number> => {
      limits.push(limit);
      const answer = answers.shift() ?? 0;
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const schedule = new PurgeSchedule({ purgeExpired }, { clock, everyMs: 1000, batch: 10, onError: (error) => errors.push(error) });
    await clock.advanceAsync(999);
    expect(limits).toEqual([]);
    await clock.advanceAsync(1);
    expect(limits).toEqual([10, 10, 10]);
    await clock.advanceAsync(2000, 500);
    expect(limits).toHaveLength(5);
    expect(errors).toMatchObject([{ message: 'down' }]);
    await schedule.stop();
    await clock.advanceAsync(5000, 500);
    expect(limits).toHaveLength(5);
  });
});
