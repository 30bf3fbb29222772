// A store directory that Apache's broker wrote, opened by ours: as it was stopped, as if it had been killed, and without its
// derived files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LogMessageStore } from '../../../broker/store/log-message-store.js';
import { decodeRecord } from '../../../lib/protocol/message/stored-message-codec.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';
import { eventually } from '../../support/eventually.js';
import { requireNoGaps, requireQueuesEqualLog } from '../../support/invariants.js';
import { messageOf } from '../../support/store-fixture.js';
import { goldenStoreContents, unpackGoldenStore, type GoldenStoreEntry } from '../fixtures.js';

const contents = goldenStoreContents();
const ofKind = <K extends GoldenStoreEntry['kind']>(kind: K) => contents.filter((entry): entry is Extract<GoldenStoreEntry, { kind: K }> => entry.kind === kind);
const settings = ofKind('settings')[0].settings;
const messages = ofKind('message');

describe("Apache's store directory", () => {
  let root: string;
  let store: LogMessageStore | undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'golden-store-'));
    unpackGoldenStore(root);
  });

  afterEach(async () => {
    await store?.close();
    store = undefined;
    rmSync(root, { recursive: true, force: true });
  });

  async function open(): Promise<LogMessageStore> {
    const sizes = Object.fromEntries(
      ['mappedFileSizeCommitLog', 'mappedFileSizeConsumeQueue', 'maxHashSlotNum', 'maxIndexNum'].map((key) => [key, Number(settings[key])]),
    );
    store = new LogMessageStore({ storePathRootDir: root, messageDelayLevel: settings.messageDelayLevel, ...sizes }, { fileSystem: new NodeFileSystem(), clock: new SystemClock() });
    await store.open();
    return store;
  }

  async function requireEverything(opened: LogMessageStore): Promise<void> {
    for (const message of messages) {
      const record = await opened.readAt(message.physicalOffset);
      expect(record, `record at ${message.physicalOffset}`).toBeDefined();
      const decoded = decodeRecord(record as Buffer, 0, { checkCrc: true });
      expect(decoded.body.toString('base64')).toBe(message.bodyBase64);
      expect(decoded.properties).toEqual(message.properties);
      expect([decoded.topic, decoded.queueId, decoded.queueOffset]).toEqual([message.topic, message.queueId, message.queueOffset]);
    }
    for (const { topic, queueId, units } of ofKind('consumeQueue')) {
      expect(opened.maxOffset(topic, queueId)).toBe(units.length);
      expect(opened.readEntries(topic, queueId, 0, 1000)).toEqual(units.map((unit, queueOffset) => ({ queueOffset, ...unit })));
      expect(await requireNoGaps(opened, topic, queueId)).toHaveLength(units.length);
    }
    expect(await requireQueuesEqualLog(opened, Number(settings.mappedFileSizeCommitLog))).toBe(messages.length);
  }

  async function requireKeys(opened: LogMessageStore): Promise<void> {
    for (const message of messages.filter(({ properties }) => properties.UNIQ_KEY !== undefined)) {
      const offsets = async (): Promise<number[]> =>
        (await opened.queryByKey(message.topic, message.properties.UNIQ_KEY, 64, 0, Number.MAX_SAFE_INTEGER)).map((record) => decodeRecord(record).commitLogOffset);
      await eventually(`${message.topic} ${message.properties.UNIQ_KEY} is in the index`, async () => (await offsets()).includes(message.physicalOffset));
    }
  }

  it('lists all its messages, entries and keys after a stop in order', async () => {
    const opened = await open();
    await requireEverything(opened);
    await requireKeys(opened);
  });

  it('takes new messages behind its own, and keeps both over a reopening', async () => {
    let opened = await open();
    const end = opened.status().commitLogMaxOffset;
    const before = opened.maxOffset('GoldenOrders', 1);
    const results = [];
    for (let index = 0; index < 60; index++) {
      results.push(await opened.append(messageOf({ topic: 'GoldenOrders', queueId: 1, body: `ours ${index}`.padEnd(150), properties: { KEYS: `ours-${index}` } })));
    }
    expect(results[0].physicalOffset).toBe(end);
    expect(results.map((result) => result.queueOffset)).toEqual(Array.from({ length: 60 }, (_, index) => before + index));
    await opened.close();
    opened = await open();
    expect(await requireNoGaps(opened, 'GoldenOrders', 1)).toHaveLength(before + 60);
    await requireKeys(opened);
    expect(await opened.queryByKey('GoldenOrders', 'ours-59', 64, 0, Number.MAX_SAFE_INTEGER)).toHaveLength(1);
    expect(await requireQueuesEqualLog(opened, 8192)).toBe(messages.length + 60);
  });

  it.each([
    ['as if the broker had been killed', (directory: string) => writeFileSync(join(directory, 'abort'), '99999999')],
    ['without its consume queues', (directory: string) => rmSync(join(directory, 'consumequeue'), { recursive: true })],
    ['without its index', (directory: string) => rmSync(join(directory, 'index'), { recursive: true })],
    ['without its checkpoint, killed', (directory: string) => (rmSync(join(directory, 'checkpoint')), writeFileSync(join(directory, 'abort'), '99999999'))],
  ])('lists everything %s', async (_what, damage) => {
    damage(root);
    const opened = await open();
    await requireEverything(opened);
    await requireKeys(opened);
  });
});
