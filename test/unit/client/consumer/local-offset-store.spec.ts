import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalOffsetStore } from '../../../../lib/client/consumer/local-offset-store.js';
import { NodeFileSystem } from '../../../../lib/runtime/node-file-system.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

const QUEUE = { topic: 'T', brokerName: 'broker-a', queueId: 0 };
/** As Apache's LocalFileOffsetStore writes it. */
const APACHE_FILE = '{\n\t"offsetTable":{{\n\t\t"brokerName":"broker-a",\n\t\t"queueId":0,\n\t\t"topic":"T"\n\t}:41\n\t}\n}';

describe('the offsets of broadcasting consumers', () => {
  let directory: string;
  let logger: RecordingLogger;
  const open = (): LocalOffsetStore => new LocalOffsetStore(new NodeFileSystem(), logger, { directory, clientId: '10.0.0.1@DEFAULT', group: 'G' });
  const file = (): string => join(directory, '10.0.0.1@DEFAULT', 'G', 'offsets.json');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'offsets-'));
    logger = new RecordingLogger();
    mkdirSync(join(directory, '10.0.0.1@DEFAULT', 'G'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('are read from what Apache wrote', async () => {
    writeFileSync(file(), APACHE_FILE);
    expect(await open().read(QUEUE)).toBe(41);
    expect(await open().read({ ...QUEUE, queueId: 1 })).toBeUndefined();
  });

  it("are written in Apache's form, and found again", async () => {
    await open().commit([{ queue: QUEUE, offset: 7 }]);
    expect(readFileSync(file(), 'utf8')).toBe('{"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"T"}:7}}');
    expect(await open().read(QUEUE)).toBe(7);
  });

  it('keep those of queues that are not held now', async () => {
    await open().commit([{ queue: { ...QUEUE, queueId: 3 }, offset: 9 }]);
    await open().commit([{ queue: QUEUE, offset: 7 }]);
    expect(await open().read({ ...QUEUE, queueId: 3 })).toBe(9);
  });

  it('come from the backup when the file is damaged, and that is said', async () => {
    const store = open();
    await store.commit([{ queue: QUEUE, offset: 7 }]);
    await store.commit([{ queue: QUEUE, offset: 8 }]);
    writeFileSync(file(), '{"offsetTable":{{"brok');
    expect(await open().read(QUEUE)).toBe(7);
    expect(logger.messages('error')).toHaveLength(1);
  });

  it('are nothing at first', async () => {
    expect(await open().read(QUEUE)).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });
});
