import { LogMessageStore } from '../../broker/store/log-message-store.js';
import type { AppendResult } from '../../broker/store/message-store.js';
import type { StoreOptionsInput } from '../../broker/store/store-options.js';
import { encodeBatch } from '../../lib/protocol/message/batch-codec.js';
import type { Acknowledged } from './invariants.js';
import type { Chance, SimulatedDisk } from './simulated-disk.js';
import { messageOf, SMALL_SIZES } from './store-fixture.js';
import { VirtualClock } from './virtual-clock.js';

export const SIMULATED_ROOT = '/store';

/** A store on a simulated disk with a clock that is moved by hand. */
export function simulatedStore(disk: SimulatedDisk, options: Partial<StoreOptionsInput> = {}): { readonly store: LogMessageStore; readonly clock: VirtualClock } {
  const clock = new VirtualClock();
  const store = new LogMessageStore(
    { storePathRootDir: SIMULATED_ROOT, ...SMALL_SIZES, mappedFileSizeCommitLog: 8192, flushConsumeQueueThoroughInterval: 3000, ...options },
    { fileSystem: disk, clock, lock: () => ({ release: () => undefined }) },
  );
  return { store, clock };
}

/** What a run did before it ended. */
export interface RunReport {
  readonly acknowledged: Acknowledged[];
  /** How many of them, from the front, were synced for certain. */
  flushed: number;
}

/**
 * Sends messages of many sizes to a few queues, some as batches, moving time so that flushes and checkpoints happen in
 * between. Ends early, without an error, when the disk crashes.
 */
export async function runWorkload(disk: SimulatedDisk, running: { readonly store: LogMessageStore; readonly clock: VirtualClock }, chance: Chance, turns: number): Promise<RunReport> {
  const report: RunReport = { acknowledged: [], flushed: 0 };
  const { store, clock } = running;
  for (let turn = 0; turn < turns && !disk.crashed; turn++) {
    const sends = Array.from({ length: 1 + Math.floor(chance() * 5) }, () => sendOne(store, chance, report));
    await settle(clock, sends, disk);
    if (chance() < 0.4) await clock.advance(400);
    if (disk.crashed) break;
    const { commitLogMaxOffset, unflushedBytes } = store.status();
    report.flushed = report.acknowledged.filter((message) => message.result.physicalOffset < commitLogMaxOffset - unflushedBytes).length;
  }
  return report;
}

/** Waits for the sends; a crash leaves some of them without an answer for ever, as it should. */
async function settle(clock: VirtualClock, sends: ReadonlyArray<Promise<unknown>>, disk: SimulatedDisk): Promise<void> {
  const state = { done: false };
  void Promise.allSettled(sends).then(() => (state.done = true));
  for (let turn = 0; turn < 200 && !state.done && !disk.crashed; turn++) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  if (!state.done && !disk.crashed) await clock.advance(1);
}

async function sendOne(store: LogMessageStore, chance: Chance, report: RunReport): Promise<void> {
  const topic = chance() < 0.7 ? 'TopicA' : 'TopicB';
  const queueId = Math.floor(chance() * 3);
  const bodies = Array.from({ length: chance() < 0.2 ? 3 : 1 }, () => Buffer.from(`${Math.floor(chance() * 1e9)}:`.padEnd(10 + Math.floor(chance() * 700), 'abcdefghij')));
  const properties = { KEYS: `key${Math.floor(chance() * 50)}`, TAGS: chance() < 0.5 ? 'A' : 'B' };
  const base = messageOf({ topic, queueId, properties });
  try {
    const result: AppendResult =
      bodies.length === 1
        ? await store.append({ ...base, body: bodies[0] })
        : await store.appendBatch({ ...base, batchBody: encodeBatch(bodies.map((body) => ({ body, properties }))) });
    for (const [index, body] of bodies.entries()) {
      const physicalOffset = result.physicalOffsets?.[index] ?? result.physicalOffset;
      report.acknowledged.push({ topic, queueId, body, result: { status: result.status, queueOffset: result.queueOffset + index, physicalOffset } });
    }
  } catch {
    // Not acknowledged: nothing is promised of it.
  }
}
