import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { LogMessageStore } from '../../../broker/store/log-message-store.js';
import { decodeRecords } from '../../../lib/protocol/message/stored-message-codec.js';
import { eventually } from '../../support/eventually.js';
import { messageOf, temporaryStore } from '../../support/store-fixture.js';

describe('LogMessageStore', () => {
  let directory: ReturnType<typeof temporaryStore>;
  let store: LogMessageStore;

  beforeEach(async () => {
    directory = temporaryStore();
    store = await directory.open();
  });

  afterEach(async () => {
    await store.close();
    directory.remove();
  });

  async function bodies(topic: string, queueId: number, offset: number, maxMessages = 32): Promise<string[]> {
    const result = await store.read({ topic, queueId, offset, maxMessages });
    return decodeRecords(Buffer.concat(result.records)).map((message) => message.body.toString());
  }

  async function readAll(): Promise<string[]> {
    const all: string[] = [];
    while (all.length < 500) {
      const found = await bodies('TopicTest', 1, all.length);
      expect(found.length).toBeGreaterThan(0);
      all.push(...found);
    }
    return all.map((body) => body.replaceAll('.', ''));
  }

  it('gives consecutive queue offsets, and reads back what was appended', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, (_, index) => store.append(messageOf({ body: `m${index}` }))));
    expect(results.map((result) => result.queueOffset)).toEqual([0, 1, 2, 3, 4]);
    expect(results.every((result) => result.status === 'PUT_OK')).toBe(true);
    expect(await bodies('TopicTest', 0, 0)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    expect(await bodies('TopicTest', 0, 3)).toEqual(['m3', 'm4']);
    expect(store.maxOffset('TopicTest', 0)).toBe(5);
  });

  it('rolls over many files of log and queue, and reads all of it back, before and after a reopening', async () => {
    for (let index = 0; index < 1500; index++) void store.append(messageOf({ queueId: index % 3, body: `m${index}`.padEnd(200, '.') }));
    await store.append(messageOf({ topic: 'Other' }));
    const expected = Array.from({ length: 500 }, (_, index) => `m${index * 3 + 1}`);
    expect(await readAll()).toEqual(expected);
    await store.close();
    expect(existsSync(join(directory.root, 'abort'))).toBe(false);
    store = await directory.open();
    expect(store.maxOffset('TopicTest', 2)).toBe(500);
    expect(store.maxOffset('Other', 0)).toBe(1);
    expect(await readAll()).toEqual(expected);
    expect((await store.append(messageOf({ queueId: 1 }))).queueOffset).toBe(500);
  });

  it('finds messages by key, by unique key and within a time range, before and after a reopening', async () => {
    for (let index = 0; index < 300; index++) {
      await store.append(messageOf({ queueId: index % 3, body: `m${index}`, properties: { KEYS: `k${index % 100} order-${index}`, UNIQ_KEY: `U${index}` } }));
    }
    const found = async (key: string, beginMs = 0, endMs = Number.MAX_SAFE_INTEGER): Promise<string[]> =>
      (await store.queryByKey('TopicTest', key, 32, beginMs, endMs)).map((record) => decodeRecords(record)[0].body.toString());
    expect(await found('k7')).toEqual(['m7', 'm107', 'm207']);
    expect(await found('order-299')).toEqual(['m299']);
    expect(await found('U0')).toEqual(['m0']);
    expect(await found('nothing')).toEqual([]);
    expect(await found('k7', Date.now() + 60_000)).toEqual([]);
    await store.close();
    store = await directory.open();
    expect(await found('k7')).toEqual(['m7', 'm107', 'm207']);
    await store.append(messageOf({ body: 'late', properties: { KEYS: 'k7' } }));
    expect(await found('k7')).toEqual(['m7', 'm107', 'm207', 'late']);
    await store.close();
    rmSync(join(directory.root, 'index'), { recursive: true });
    store = await directory.open();
    await eventually('the index is made anew from the log', async () => (await found('k7')).join() === 'm7,m107,m207,late');
  });
});
