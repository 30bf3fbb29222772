import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { segmentName } from '../../../broker/store/commit-log/segment-name.js';
import type { LogMessageStore } from '../../../broker/store/log-message-store.js';
import { requireNoGaps } from '../../support/invariants.js';
import { messageOf, SMALL_SIZES, temporaryStore } from '../../support/store-fixture.js';

const sparseFile = (directory: string, start: number, size: number): void => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, segmentName(start));
  writeFileSync(path, '');
  truncateSync(path, size);
};

describe.each([
  ['2^31', 2 ** 31],
  ['2^32', 2 ** 32],
  ['2^40', 2 ** 40],
])('a log and a queue that begin near %s', (_name, base) => {
  const logStart = base - (base % SMALL_SIZES.mappedFileSizeCommitLog);
  const firstEntry = base - (base % 50) - 50;
  let directory: ReturnType<typeof temporaryStore>;
  let store: LogMessageStore;

  beforeEach(async () => {
    directory = temporaryStore();
    sparseFile(join(directory.root, 'commitlog'), logStart, SMALL_SIZES.mappedFileSizeCommitLog);
    sparseFile(join(directory.root, 'consumequeue', 'TopicTest', '0'), firstEntry * 20, SMALL_SIZES.mappedFileSizeConsumeQueue);
    // A queue that is there but lists nothing yet: what a broker leaves that removed all but its last files.
    store = await directory.open();
  });

  afterEach(async () => {
    await store.close();
    directory.remove();
  });

  it('are exact in every offset, over file borders and reopenings', async () => {
    const start = store.maxOffset('TopicTest', 0);
    const results = await Promise.all(Array.from({ length: 400 }, (_, index) => store.append(messageOf({ body: `m${index}`.padEnd(300), properties: { KEYS: `k${index}` } }))));
    expect(results[0].physicalOffset).toBe(logStart);
    expect(results.map((result) => result.queueOffset)).toEqual(Array.from({ length: 400 }, (_, index) => start + index));
    for (const clean of [true, false]) {
      if (clean) await store.close();
      else await new Promise((resolve) => setImmediate(resolve));
      if (clean) store = await directory.open();
      const messages = await requireNoGaps(store, 'TopicTest', 0);
      expect(messages.map((message) => message.commitLogOffset)).toEqual(results.map((result) => result.physicalOffset));
      expect(await store.queryByKey('TopicTest', 'k399', 10, 0, Number.MAX_SAFE_INTEGER)).toHaveLength(1);
    }
    expect(store.offsetAt('TopicTest', 0, 0)).toBe(start);
    expect(store.offsetAt('TopicTest', 0, Date.now() + 1000)).toBe(start + 400);
    expect(store.storeTimeAt('TopicTest', 0, start + 399)).toBe(results[399].storeTimestamp);
  });
});
