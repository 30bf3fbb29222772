import { describe, expect, it } from 'vitest';

import { planRetention, type RetentionFacts, type RetentionOptions } from '../../../broker/store/retention/retention-plan.js';
import { requireNoGaps, requireQueuesEqualLog } from '../../support/invariants.js';
import { seededChance, SimulatedDisk } from '../../support/simulated-disk.js';
import { messageOf } from '../../support/store-fixture.js';
import { simulatedStore } from '../../support/store-workload.js';

const OPTIONS: RetentionOptions = {
  fileReservedTime: 72,
  deleteWhen: '04',
  deleteFileBatchMax: 10,
  diskMaxUsedSpaceRatio: 75,
  diskSpaceCleanForciblyRatio: 85,
  diskSpaceWarningLevelRatio: 90,
  cleanFileForciblyEnable: true,
};
const HOUR = 3_600_000;
const AT_FOUR = new Date(2024, 4, 5, 4, 30).getTime();
const AT_NOON = new Date(2024, 4, 5, 12, 0).getTime();

function plan(facts: Partial<RetentionFacts>, options: Partial<RetentionOptions> = {}) {
  const nowMs = facts.nowMs ?? AT_NOON;
  const modifiedMs = facts.modifiedMs ?? [100, 80, 71, 90].map((hours) => nowMs - hours * HOUR);
  return planRetention({ logDiskUsed: 0.5, queueDiskUsed: 0.5, ...facts, nowMs, modifiedMs }, { ...OPTIONS, ...options });
}

describe('what expires', () => {
  it.each([
    ['nothing at another hour', {}, {}, 0],
    ['old files at the hour given, none behind a younger one', { nowMs: AT_FOUR }, {}, 2],
    ['at any of several hours', { nowMs: AT_NOON }, { deleteWhen: '04;12' }, 2],
    ['old files at any hour on a disk over diskMaxUsedSpaceRatio', { logDiskUsed: 0.76 }, {}, 2],
    ['by the disk of the queues too', { queueDiskUsed: 0.76 }, {}, 2],
    ['files of any age over diskSpaceCleanForciblyRatio', { logDiskUsed: 0.86 }, {}, 4],
    ['only old ones when that is switched off', { logDiskUsed: 0.86 }, { cleanFileForciblyEnable: false }, 2],
    ['no more than deleteFileBatchMax', { logDiskUsed: 0.95 }, { deleteFileBatchMax: 3 }, 3],
  ])('%s', (_name, facts, options, count) => {
    expect(plan(facts, options).removeCount).toBe(count);
  });

  it('refuses writes over diskSpaceWarningLevelRatio only', () => {
    expect(plan({ logDiskUsed: 0.89 }).refuseWrites).toBe(false);
    expect(plan({ logDiskUsed: 0.91 }).refuseWrites).toBe(true);
  });
});

describe('a store whose files expire', () => {
  it('removes log, queue and index files together, corrects min offsets, refuses writes while the disk is too full', async () => {
    const disk = new SimulatedDisk(seededChance(5));
    const { store, clock } = simulatedStore(disk, { flushConsumeQueueThoroughInterval: 1000 });
    await store.open();
    for (let index = 0; index < 400; index++) {
      await store.append(messageOf({ body: `${index}:`.padEnd(200, '.'), queueId: index % 2, properties: { KEYS: `k${index}` } }));
    }
    await clock.advanceAsync(5000, 100);
    disk.space = { totalBytes: 1000, freeBytes: 50 };
    await clock.advanceAsync(20_000, 1000);
    expect(store.status()).toMatchObject({ writable: false });
    await expect(store.append(messageOf({}))).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    const { commitLogMinOffset } = store.status();
    expect(commitLogMinOffset).toBeGreaterThan(8192 * 5);
    disk.space = { totalBytes: 1000, freeBytes: 500 };
    await clock.advanceAsync(11_000, 1000);
    expect(store.status().writable).toBe(true);

    const min = store.minOffset('TopicTest', 0);
    expect(min).toBeGreaterThan(0);
    const tooSmall = await store.read({ topic: 'TopicTest', queueId: 0, offset: 0, maxMessages: 32 });
    expect(tooSmall).toMatchObject({ status: 'OFFSET_TOO_SMALL', nextBeginOffset: min });
    expect((await requireNoGaps(store, 'TopicTest', 0))[0].queueOffset).toBe(min);
    expect(disk.list('/store/consumequeue/TopicTest/0')[0]).not.toBe('00000000000000000000');
    expect(await store.queryByKey('TopicTest', 'k0', 10, 0, Number.MAX_SAFE_INTEGER)).toEqual([]);
    await store.close();

    const again = simulatedStore(disk);
    await again.store.open();
    expect(again.store.minOffset('TopicTest', 0)).toBe(min);
    await requireQueuesEqualLog(again.store, 8192);
    disk.removeTree('/store/consumequeue');
    await again.store.close();
    const rebuilt = simulatedStore(disk.afterKill());
    await rebuilt.store.open();
    expect(rebuilt.store.minOffset('TopicTest', 0)).toBe(min);
    expect(rebuilt.store.maxOffset('TopicTest', 0)).toBe(200);
    await requireQueuesEqualLog(rebuilt.store, 8192);
    await rebuilt.store.close();
  });
});
