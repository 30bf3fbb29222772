import fc from 'fast-check';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLogger } from '../../../lib/runtime/logger.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';
import { ImmediateTurnScheduler } from '../../../lib/runtime/turn-scheduler.js';
import { ConfigFile } from '../../../broker/config/config-file.js';
import { ConsumerOffsetTable } from '../../../broker/offsets/consumer-offset-table.js';
import { OffsetJournal } from '../../../broker/offsets/offset-journal.js';
import { VirtualClock } from '../../support/virtual-clock.js';

describe('consumer offsets', () => {
  let root: string;
  let copies: string[];
  let clock: VirtualClock;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rmq-offsets-'));
    copies = [];
    clock = new VirtualClock();
  });

  afterEach(() => {
    for (const folder of [root, ...copies]) rmSync(folder, { recursive: true, force: true });
  });

  const open = (folder = root): ConsumerOffsetTable => {
    const turns = new ImmediateTurnScheduler();
    const files = new NodeFileSystem();
    const file = new ConfigFile(files, join(folder, 'config/consumerOffset.json'), turns);
    const table = new ConsumerOffsetTable({ flushConsumerOffsetInterval: 5_000 }, file, new OffsetJournal(files, file.path, turns), clock, silentLogger);
    table.load();
    return table;
  };
  /** The directory as a process killed at this moment would leave it. */
  const killedCopy = (): string => {
    const copy = mkdtempSync(join(tmpdir(), 'rmq-offsets-copy-'));
    copies.push(copy);
    cpSync(root, copy, { recursive: true });
    return copy;
  };
  const path = (name: string, folder = root): string => join(folder, 'config', name);
  const json = (folder = root): unknown => JSON.parse(readFileSync(path('consumerOffset.json', folder), 'utf8'));

  it('writes the file in the form other brokers read', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 5);
    table.commit('G', 'T1', 3, 7);
    await table.close();
    expect(json()).toMatchObject({ offsetTable: { 'T1@G': { 0: 5, 3: 7 } }, dataVersion: { stateVersion: 0 } });
    expect(readdirSync(join(root, 'config'))).toEqual(['consumerOffset.json']);
  });

  it('reads what Apache wrote: bare queue ids, fields of later versions', () => {
    mkdirSync(join(root, 'config'));
    writeFileSync(path('consumerOffset.json'), '{\n"dataVersion":{"counter":3,"stateVersion":0,"timestamp":9},"groupTopicMap":{"G":["T1"]},"offsetTable":{"T1@G":{0:1,1:22},"%RETRY%G@G":{0:4}}}');
    const table = open();
    expect(table.query('G', 'T1', 1)).toBe(22);
    expect(table.query('G', '%RETRY%G', 0)).toBe(4);
    expect(table.wrapper().dataVersion).toEqual({ counter: 3, stateVersion: 0, timestamp: 9 });
  });

  it('answers -1 for what was never committed', () => {
    expect(open().query('G', 'T1', 0)).toBe(-1);
  });

  it('loses no acknowledged offset when the process is killed', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 5);
    table.commit('G', 'T1', 0, 6);
    await table.written();
    expect(open(killedCopy()).query('G', 'T1', 0)).toBe(6);
  });

  it('resolves at once when nothing is unwritten, and writes nothing for an offset that did not move', async () => {
    const table = open();
    expect(table.written()).toBeUndefined();
    table.commit('G', 'T1', 0, 5);
    await table.written();
    table.commit('G', 'T1', 0, 5);
    expect(table.written()).toBeUndefined();
  });

  it('folds the journal into the file at every flush and begins a new one', async () => {
    const table = open();
    table.start();
    table.commit('G', 'T1', 0, 5);
    await table.written();
    await clock.advanceAsync(5_000);
    await table.flush();
    table.commit('G', 'T1', 0, 9);
    await table.written();
    expect(json()).toMatchObject({ offsetTable: { 'T1@G': { 0: 5 } } });
    expect(open(killedCopy()).query('G', 'T1', 0)).toBe(9);
    await table.close();
  });

  it('goes on after a crash: what the next process commits is found by the one after it', async () => {
    const first = open();
    first.commit('G', 'T1', 0, 1);
    await first.written();
    const second = open();
    second.commit('G', 'T1', 1, 2);
    await second.written();
    const third = open();
    expect([third.query('G', 'T1', 0), third.query('G', 'T1', 1)]).toEqual([1, 2]);
  });

  it('takes the journals into account that follow the backup when the file is damaged', async () => {
    const table = open();
    for (const offset of [1, 2, 3]) {
      table.commit('G', 'T1', 0, offset);
      await table.flush();
    }
    table.commit('G', 'T1', 0, 4);
    await table.written();
    writeFileSync(path('consumerOffset.json'), '{"offsetTable":{"T1@G"');
    expect(open(killedCopy()).query('G', 'T1', 0)).toBe(4);
  });

  it('ignores its journals when another broker has written the file since', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 9);
    await table.flush();
    table.commit('G', 'T1', 0, 10);
    await table.written();
    const copy = killedCopy();
    writeFileSync(path('consumerOffset.json', copy), '{"offsetTable":{"T1@G":{0:3}}}');
    const next = open(copy);
    expect(next.query('G', 'T1', 0)).toBe(3);
    next.commit('G', 'T1', 1, 1);
    await next.written();
    const after = open(copy);
    expect([after.query('G', 'T1', 0), after.query('G', 'T1', 1)]).toEqual([3, 1]);
  });

  it('drops a batch that was being written when the process died, keeping those before it', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 1);
    await table.written();
    table.commit('G', 'T1', 0, 2);
    await table.written();
    const copy = killedCopy();
    const [journal] = readdirSync(join(copy, 'config')).filter((name) => name.includes('.journal.'));
    truncateSync(path(journal, copy), statSync(path(journal, copy)).size - 3);
    expect(open(copy).query('G', 'T1', 0)).toBe(1);
  });

  it('remembers removals', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 1);
    table.commit('G', 'T2', 0, 2);
    table.commit('H', 'T1', 0, 3);
    table.removeGroup('G');
    await table.written();
    const next = open(killedCopy());
    expect([next.query('G', 'T1', 0), next.query('G', 'T2', 0), next.query('H', 'T1', 0)]).toEqual([-1, -1, 3]);
    next.removeTopic('T1');
    expect(next.query('H', 'T1', 0)).toBe(-1);
    await next.close();
  });

  it('knows which groups read which topics', () => {
    const table = open();
    table.commit('G', 'T1', 0, 1);
    table.commit('G', 'T2', 0, 1);
    table.commit('H', 'T1', 0, 1);
    table.commitPulled('ONLY-PULLED', 'T1', 0, 1);
    expect(table.topicsOf('G')).toEqual(['T1', 'T2']);
    expect(table.groupsOf('T1')).toEqual(['G', 'H']);
    table.clone('G', 'NEW', 'T2');
    expect(table.query('NEW', 'T2', 0)).toBe(1);
  });

  it('changes its version after some hundred commits, not with each', () => {
    const table = open();
    const before = table.wrapper().dataVersion;
    for (let offset = 1; offset < 500; offset++) table.commit('G', 'T1', 0, offset);
    expect(table.wrapper().dataVersion).toEqual(before);
    table.commit('G', 'T1', 0, 500);
    expect(table.wrapper().dataVersion.counter).toBe(before.counter + 1);
  });

  it('after any run of commits, removals, flushes and kills equals the commits that were acknowledged', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit' as const), group: fc.constantFrom('G', 'H'), queue: fc.nat(2), offset: fc.nat(1000) }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'kill' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'stop' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'remove' as const }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        rmSync(path(''), { recursive: true, force: true });
        const model = new Map<string, number>();
        let table = open();
        for (const action of steps) {
          if (action.kind === 'commit') {
            table.commit(action.group, 'T', action.queue, action.offset);
            model.set(`${action.group} ${action.queue}`, action.offset);
          } else if (action.kind === 'remove') {
            table.removeGroup('G');
            for (const key of [...model.keys()]) if (key.startsWith('G ')) model.delete(key);
          }
          await table.written();
          if (action.kind === 'flush') await table.flush();
          if (action.kind === 'stop') await table.close();
          if (action.kind === 'stop' || action.kind === 'kill') table = open();
        }
        for (const group of ['G', 'H']) for (const queue of [0, 1, 2]) expect(table.query(group, 'T', queue)).toBe(model.get(`${group} ${queue}`) ?? -1);
        await table.close();
      }),
      { numRuns: 60 },
    );
  });

  it('survives a kill at every stage of replacing the file', async () => {
    const table = open();
    table.commit('G', 'T1', 0, 1);
    await table.flush();
    table.commit('G', 'T1', 0, 2);
    await table.flush();
    table.commit('G', 'T1', 0, 3);
    await table.written();
    for (const stage of ['old name gone', 'new name not yet there']) {
      const copy = killedCopy();
      if (stage === 'old name gone') {
        copyFileSync(path('consumerOffset.json', copy), path('consumerOffset.json.bak', copy));
        rmSync(path('consumerOffset.json', copy));
      } else {
        rmSync(path('consumerOffset.json', copy));
      }
      expect(open(copy).query('G', 'T1', 0), stage).toBe(3);
    }
  });
});
