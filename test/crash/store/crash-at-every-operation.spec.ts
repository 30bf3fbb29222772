// One run of a store on a simulated disk is ended at every single operation of the disk, by a killed process and by a lost
// machine; what the next start makes of it must hold all promises. Then it goes on, and is opened once more.
import { describe, expect, it } from 'vitest';

import { requireNoGaps, requireQueuesEqualLog, requireReadable } from '../../support/invariants.js';
import { seededChance, SimulatedDisk } from '../../support/simulated-disk.js';
import { runWorkload, simulatedStore, type RunReport } from '../../support/store-workload.js';

type FlushDiskType = 'ASYNC_FLUSH' | 'SYNC_FLUSH';

const TURNS = 12;
const SEED = Number(process.env.STORE_CRASH_SEED ?? 20_240_501);

async function runUntil(crashAt: number, flushDiskType: FlushDiskType, seed: number): Promise<{ disk: SimulatedDisk; report: RunReport }> {
  const chance = seededChance(seed);
  const disk = new SimulatedDisk(chance);
  disk.crashAt = crashAt;
  const running = simulatedStore(disk, { flushDiskType });
  let report: RunReport = { acknowledged: [], flushed: 0 };
  try {
    await running.store.open();
    report = await runWorkload(disk, running, chance, TURNS);
    await running.store.close();
  } catch (error) {
    if (!disk.crashed) throw error;
  }
  return { disk, report };
}

async function requireSound(disk: SimulatedDisk, flushDiskType: FlushDiskType, promised: RunReport['acknowledged'], seed: number): Promise<void> {
  const running = simulatedStore(disk, { flushDiskType });
  await running.store.open();
  await requireReadable(running.store, promised);
  await requireQueuesEqualLog(running.store, 8192);
  const more = await runWorkload(disk, running, seededChance(seed + 1), 3);
  for (const topic of ['TopicA', 'TopicB']) for (const queueId of [0, 1, 2]) await requireNoGaps(running.store, topic, queueId);
  await running.store.close();
  const again = simulatedStore(disk, { flushDiskType });
  await again.store.open();
  await requireReadable(again.store, [...promised, ...more.acknowledged]);
  await requireQueuesEqualLog(again.store, 8192);
  await again.store.close();
}

describe.each<[FlushDiskType]>([['ASYNC_FLUSH'], ['SYNC_FLUSH']])('a crash at every operation, %s', (flushDiskType) => {
  it('loses nothing that was acknowledged, and leaves derived files as a rebuild would make them', async () => {
    const whole = await runUntil(Number.POSITIVE_INFINITY, flushDiskType, SEED);
    expect(whole.report.acknowledged.length).toBeGreaterThan(30);
    await requireSound(whole.disk, flushDiskType, whole.report.acknowledged, SEED);
    for (let crashAt = 1; crashAt <= whole.disk.operations; crashAt++) {
      const { disk, report } = await runUntil(crashAt, flushDiskType, SEED);
      const durable = flushDiskType === 'SYNC_FLUSH' ? report.acknowledged.filter(({ result }) => result.status === 'PUT_OK') : report.acknowledged.slice(0, report.flushed);
      for (const [how, after, promised] of [
        ['killed', disk.afterKill(), report.acknowledged],
        ['machine lost', disk.afterMachineLoss(), durable],
      ] as const) {
        try {
          await requireSound(after, flushDiskType, promised, SEED + crashAt);
        } catch (error) {
          throw new Error(`${how} at operation ${crashAt} of ${whole.disk.operations}, STORE_CRASH_SEED=${SEED}: ${String(error)}`, { cause: error });
        }
      }
    }
  }, 300_000);
});
