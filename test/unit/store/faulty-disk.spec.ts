import { describe, expect, it } from 'vitest';

import type { AppendResult } from '../../../broker/store/message-store.js';
import type { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { requireNoGaps, requireQueuesEqualLog } from '../../support/invariants.js';
import { seededChance, SimulatedDisk } from '../../support/simulated-disk.js';
import { messageOf } from '../../support/store-fixture.js';
import { simulatedStore, SIMULATED_ROOT } from '../../support/store-workload.js';

async function openOn(disk: SimulatedDisk, flushDiskType: 'ASYNC_FLUSH' | 'SYNC_FLUSH' = 'ASYNC_FLUSH') {
  const running = simulatedStore(disk, { flushDiskType });
  await running.store.open();
  return running;
}

const isLog = (path: string): boolean => path.startsWith(`${SIMULATED_ROOT}/commitlog/`);
const bodiesOf = async (store: Awaited<ReturnType<typeof openOn>>['store'], queueId = 0): Promise<string[]> =>
  (await requireNoGaps(store, 'TopicTest', queueId)).map((message) => message.body.toString());

describe('a disk that refuses writes', () => {
  it('rejects exactly the appends of the failed write, takes none until there is space, then goes on without a trace of them', async () => {
    const disk = new SimulatedDisk(seededChance(7));
    const { store, clock } = await openOn(disk);
    await Promise.all([store.append(messageOf({ body: 'a' })), store.append(messageOf({ body: 'b', queueId: 1 }))]);
    disk.failWrite = (path) => (isLog(path) ? 'ENOSPC' : undefined);
    const refused = await Promise.allSettled(['x', 'y', 'z'].map((body, index) => store.append(messageOf({ body, queueId: index % 2 }))));
    expect(refused.map((one) => (one as PromiseRejectedResult).reason.code)).toEqual(['STORE_WRITE_FAILED', 'STORE_WRITE_FAILED', 'STORE_WRITE_FAILED']);
    expect(store.status().writable).toBe(false);
    expect(store.status().problem).toContain('ENOSPC');
    await expect(store.append(messageOf({}))).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED', retryable: true });
    expect(await bodiesOf(store)).toEqual(['a']);
    await clock.advanceAsync(3000, 500);
    expect(store.status().writable).toBe(false);

    disk.failWrite = undefined;
    await clock.advanceAsync(3000, 100);
    expect(store.status()).toMatchObject({ writable: true, problem: undefined });
    const after = await store.append(messageOf({ body: 'c' }));
    expect(after.queueOffset).toBe(1);
    expect(await bodiesOf(store)).toEqual(['a', 'c']);
    const killed = await openOn(disk.afterKill());
    expect(await bodiesOf(killed.store)).toEqual(['a', 'c']);
    expect(await requireQueuesEqualLog(killed.store, 8192)).toBe(3);
    await killed.store.close();
    await store.close();
  });

  it('acknowledges what reached the disk when only the second of two files fails', async () => {
    const disk = new SimulatedDisk(seededChance(8));
    const { store } = await openOn(disk);
    disk.failWrite = (path) => (path.endsWith('00008192') ? 'EIO' : undefined);
    const results = await Promise.allSettled(Array.from({ length: 12 }, (_, index) => store.append(messageOf({ body: `${index}`.padEnd(900) }))));
    const stored = results.filter((one): one is PromiseFulfilledResult<AppendResult> => one.status === 'fulfilled').length;
    expect(stored).toBeGreaterThan(5);
    expect(results.slice(stored).every((one) => one.status === 'rejected')).toBe(true);
    expect(await bodiesOf(store)).toHaveLength(stored);
    disk.failWrite = undefined;
    await store.close();
  });

  it('answers FLUSH_DISK_TIMEOUT when the sync fails, publishes the message once the disk syncs again', async () => {
    const disk = new SimulatedDisk(seededChance(9));
    const { store, clock } = await openOn(disk, 'SYNC_FLUSH');
    disk.failSync = (path) => (isLog(path) ? 'EIO' : undefined);
    expect((await store.append(messageOf({ body: 'a' }))).status).toBe('FLUSH_DISK_TIMEOUT');
    expect(store.maxOffset('TopicTest', 0)).toBe(0);
    expect(store.status().writable).toBe(false);
    disk.failSync = undefined;
    await clock.advanceAsync(3000, 100);
    expect(store.status().writable).toBe(true);
    expect(await bodiesOf(store)).toEqual(['a']);
    expect((await store.append(messageOf({ body: 'b' }))).status).toBe('PUT_OK');
    await store.close();
  });

  it('keeps messages whose queue cannot be written, and writes the queue when it can', async () => {
    const disk = new SimulatedDisk(seededChance(10));
    const { store, clock } = await openOn(disk);
    disk.failWrite = (path) => (path.includes('/consumequeue/') ? 'ENOSPC' : undefined);
    await store.append(messageOf({ body: 'a' }));
    await clock.advanceAsync(4000, 100);
    expect(store.status().problem).toContain('ENOSPC');
    expect(await bodiesOf(store)).toEqual(['a']);
    disk.failWrite = undefined;
    await clock.advanceAsync(4000, 100);
    expect(store.status().writable).toBe(true);
    await store.close();
    const again = await openOn(disk);
    expect(await bodiesOf(again.store)).toEqual(['a']);
    await again.store.close();
  });
});

async function storeOf(count: number, size: number): Promise<{ disk: SimulatedDisk; offsets: number[] }> {
  const disk = new SimulatedDisk(seededChance(11));
  const { store, clock } = await openOn(disk);
  const offsets: number[] = [];
  for (let index = 0; index < count; index++) offsets.push((await store.append(messageOf({ body: `${index}:`.padEnd(size, 'x') }))).physicalOffset);
  await clock.advanceAsync(1000, 100);
  return { disk, offsets };
}
const fileOf = (offset: number): string => `${SIMULATED_ROOT}/commitlog/${String(offset - (offset % 8192)).padStart(20, '0')}`;

describe('damage', () => {
  it('in the middle of the log stops the start after a crash, naming the offset, and changes nothing', async () => {
    const { disk, offsets } = await storeOf(10, 200);
    const found = disk.afterKill();
    found.flipBit(fileOf(offsets[4]), offsets[4] + 120, 3);
    found.remove(`${SIMULATED_ROOT}/checkpoint`);
    const before = new Map([...found.files()].filter(([path]) => isLog(path)).map(([path, bytes]) => [path, Buffer.from(bytes)]));
    const error: RocketMqError = await openOn(found).then(
      () => expect.unreachable(),
      (reason: unknown) => reason as RocketMqError,
    );
    expect(error.code).toBe('STORE_CORRUPT');
    expect(error.details.physicalOffset).toBe(offsets[4]);
    for (const [path, bytes] of before) expect(found.files().get(path)?.equals(bytes)).toBe(true);

    const goingOn = simulatedStore(found, { recoverDespiteCorruption: true });
    await goingOn.store.open();
    expect(await bodiesOf(goingOn.store)).toHaveLength(4);
    await goingOn.store.close();
  });

  it('of the last record after a crash is a torn tail: it is cut', async () => {
    const { disk, offsets } = await storeOf(10, 200);
    const found = disk.afterKill();
    found.flipBit(fileOf(offsets[9]), offsets[9] + 120, 3);
    found.remove(`${SIMULATED_ROOT}/checkpoint`);
    const { store } = await openOn(found);
    expect(await bodiesOf(store)).toHaveLength(9);
    expect((await store.append(messageOf({ body: 'next' }))).queueOffset).toBe(9);
    await store.close();
  });

  it('found by a reader is reported and passed over, never delivered', async () => {
    const disk = new SimulatedDisk(seededChance(12));
    const first = await openOn(disk);
    const offsets: number[] = [];
    for (let index = 0; index < 10; index++) offsets.push((await first.store.append(messageOf({ body: `${index}:`.padEnd(200, 'x') }))).physicalOffset);
    await first.store.close();
    disk.flipBit(fileOf(offsets[4]), offsets[4] + 120, 3);
    const { store } = await openOn(disk);
    const read = await store.read({ topic: 'TopicTest', queueId: 0, offset: 0, maxMessages: 32 });
    expect(read.messageCount).toBe(9);
    expect(read.nextBeginOffset).toBe(10);
    expect(Buffer.concat(read.records).toString('latin1')).not.toContain('4:x');
    await store.close();
  });
});
