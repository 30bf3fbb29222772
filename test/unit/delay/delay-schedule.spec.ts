import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { decodeRecord } from '../../../lib/protocol/message/stored-message-codec.js';
import { DelayLevels } from '../../../broker/delay/delay-levels.js';
import { eventually } from '../../support/eventually.js';
import { MemoryMessageStore } from '../../support/memory-message-store.js';
import { ProcessorBench } from '../../support/processor-bench.js';
import { VirtualClock } from '../../support/virtual-clock.js';

describe('delay levels', () => {
  it('are numbers with a unit', () => {
    const levels = new DelayLevels('1s 5m 2h 1d');
    expect(levels.levels().map((level) => levels.delayMs(level))).toEqual([1_000, 300_000, 7_200_000, 86_400_000]);
    expect(levels.clamp(99)).toBe(4);
  });

  it.each(['', '5', '1s 5x', '1s,5s'])('stop the start when they are "%s"', (text) => {
    expect(() => new DelayLevels(text)).toThrow(/messageDelayLevel contains/);
  });
});

describe('the delay schedule', () => {
  let root: string;
  let clock: VirtualClock;
  let store: MemoryMessageStore;
  let bench: ProcessorBench;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rmq-delay-'));
    clock = new VirtualClock();
    store = new MemoryMessageStore(clock);
    bench = new ProcessorBench({ root, clock, store });
  });

  afterEach(async () => {
    await bench.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** A broker on the same directory and store, its schedule asleep until the next time. */
  const restart = async (at: VirtualClock = clock): Promise<void> => {
    bench = new ProcessorBench({ root, clock: at, store });
    await new Promise((resolve) => setImmediate(resolve));
  };
  const delivered = (topic = 'T1') => store.recordsOf(topic).map((record) => decodeRecord(record, 0).body.toString());
  const send = (body: string, level: number, rest = {}) => bench.send(bench.connect(), 'T1', body, { DELAY: String(level), ...rest });

  it('delivers when the time has come, not before, each level by itself', async () => {
    await send('five', 2);
    await send('one', 1);
    await clock.advanceAsync(999);
    expect(delivered()).toEqual([]);
    await clock.advanceAsync(1);
    expect(delivered()).toEqual(['one']);
    await clock.advanceAsync(3_999);
    expect(delivered()).toEqual(['one']);
    await clock.advanceAsync(1);
    expect(delivered()).toEqual(['one', 'five']);
  });

  it('keeps queue, tag, body and properties', async () => {
    await bench.send(bench.connect(), 'T1', 'x', { DELAY: '1', TAGS: 'A', KEYS: 'k', UNIQ_KEY: 'U' }, { queueId: 2, flag: 7 });
    await clock.advanceAsync(1_000);
    const [record] = store.recordsOf('T1');
    expect(decodeRecord(record, 0)).toMatchObject({
      queueId: 2,
      flag: 7,
      properties: { TAGS: 'A', KEYS: 'k', UNIQ_KEY: 'U', DELAY: '1', REAL_TOPIC: 'T1', REAL_QID: '2' },
    });
  });

  it('lets a level win over a time', async () => {
    await send('x', 1, { TIMER_DELAY_SEC: '77', TIMER_DELIVER_MS: '99' });
    await clock.advanceAsync(1_000);
    const { properties } = decodeRecord(store.recordsOf('T1')[0], 0);
    expect(properties.TIMER_DELAY_SEC).toBeUndefined();
    expect(properties.TIMER_DELIVER_MS).toBeUndefined();
  });

  it('sleeps while there is nothing to deliver', async () => {
    const idle = clock.pendingTimers;
    await send('x', 3);
    expect(clock.pendingTimers).toBe(idle + 1);
    await clock.advanceAsync(10_000);
    expect(delivered()).toEqual(['x']);
    expect(clock.pendingTimers).toBe(idle);
  });

  it('delivers many at once, in their order', async () => {
    const channel = bench.connect();
    const bodies = Array.from({ length: 200 }, (_, index) => `m${index}`);
    for (const body of bodies) await bench.send(channel, 'T1', body, { DELAY: '1' });
    await clock.advanceAsync(1_000);
    await eventually('all of them', () => delivered().length === bodies.length);
    expect(delivered()).toEqual(bodies);
    expect(bench.state.delays.progress()).toEqual([{ level: 1, offset: 200, maxOffset: 200 }]);
  });

  it('goes on where it stopped, without a repetition after an orderly stop', async () => {
    await send('before', 1);
    await clock.advanceAsync(1_000);
    await send('after', 2);
    await bench.close();
    const stored = JSON.parse(readFileSync(join(root, 'config/delayOffset.json'), 'utf8')) as { offsetTable: Record<string, number> };
    expect(stored.offsetTable).toEqual({ 1: 1, 2: 0 });
    await restart();
    await clock.advanceAsync(5_000);
    expect(delivered()).toEqual(['before', 'after']);
  });

  it('counts a delivery that is under way when the broker stops', async () => {
    await send('x', 1);
    clock.advance(1_000);
    await bench.close();
    await restart();
    await clock.advanceAsync(10_000, 1_000);
    expect(delivered()).toEqual(['x']);
  });

  it('loses nothing when the process is killed, and repeats only what it had not written down', async () => {
    await send('written', 1);
    await clock.advanceAsync(1_000);
    await clock.advanceAsync(10_000);
    await eventually('delayOffset.json', () => readFileSync(join(root, 'config/delayOffset.json'), 'utf8').includes('"1": 1'));
    await send('repeated', 1);
    await clock.advanceAsync(1_000);
    await send('pending', 3);
    await bench.state.delays.close().catch(() => undefined);
    writeFileSync(join(root, 'config/delayOffset.json'), '{"dataVersion":{"counter":1,"stateVersion":0,"timestamp":1},"offsetTable":{1:1}}');
    await restart();
    await clock.advanceAsync(60_000, 1_000);
    expect(delivered()).toEqual(['written', 'repeated', 'repeated', 'pending']);
  });

  it('delivers at once what became due while the broker was down', async () => {
    await send('x', 2);
    await bench.close();
    clock.advance(3_600_000);
    await restart();
    await eventually('the message', () => delivered().length === 1);
  });

  it('tries again when the store cannot write', async () => {
    await send('x', 1);
    store.failure = new RocketMqError('STORE_WRITE_FAILED', 'disk full');
    await clock.advanceAsync(1_000);
    expect(delivered()).toEqual([]);
    store.failure = undefined;
    await clock.advanceAsync(1_000);
    expect(delivered()).toEqual(['x']);
  });

  it('passes over entries whose record is gone and starts at the first that is there', async () => {
    await send('expired', 1);
    await send('x', 1);
    await bench.close();
    store.expireBefore('SCHEDULE_TOPIC_XXXX', 0, 1);
    await restart();
    await clock.advanceAsync(1_000);
    expect(delivered()).toEqual(['x']);
  });

  it('does not wait for times from a clock that was set back', async () => {
    await send('x', 1);
    await bench.close();
    const earlier = new VirtualClock(clock.now() - 3_600_000);
    await restart(earlier);
    await eventually('the message', () => delivered().length === 1);
  });

  it('reads what Apache writes, integer keys without quotes', async () => {
    await send('a', 1);
    await send('b', 1);
    await bench.close();
    mkdirSync(join(root, 'config'), { recursive: true });
    writeFileSync(join(root, 'config/delayOffset.json'), '{\n\t"dataVersion":{"counter":1,"stateVersion":0,"timestamp":5},\n\t"offsetTable":{1:1}\n}');
    await restart();
    await clock.advanceAsync(1_000);
    expect(delivered()).toEqual(['b']);
  });
});
