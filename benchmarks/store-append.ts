// What does it cost to store a message? Appends from one event loop, `--window` of them before each turn's end, into a
// store in a temporary directory; prints the rate, and wall-clock and CPU time per message.
//
//   npm run build && node dist/benchmarks/store-append.js [--messages 1000000] [--size 128] [--queues 16] [--window 256] [--flush ASYNC_FLUSH|SYNC_FLUSH] [--batch 1] [--index on|off]
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { LogMessageStore } from '../broker/store/log-message-store.js';
import type { AppendResult, BatchToStore, MessageToStore } from '../broker/store/message-store.js';
import { encodeBatch } from '../lib/protocol/message/batch-codec.js';
import { encodeProperties } from '../lib/protocol/message/properties.js';
import { SystemClock } from '../lib/runtime/clock.js';
import { NodeFileSystem } from '../lib/runtime/node-file-system.js';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    size: { type: 'string', default: '128' },
    queues: { type: 'string', default: '16' },
    window: { type: 'string', default: '256' },
    flush: { type: 'string', default: 'ASYNC_FLUSH' },
    batch: { type: 'string', default: '1' },
    index: { type: 'string', default: 'on' },
    rounds: { type: 'string', default: '5' },
  },
});

const settings = {
  messages: Number(values.messages),
  size: Number(values.size),
  queues: Number(values.queues),
  window: Number(values.window),
  batch: Number(values.batch),
  rounds: Number(values.rounds),
};
const body = Buffer.alloc(settings.size, 'x');
const properties = (index: number): string =>
  encodeProperties({ UNIQ_KEY: `7F00000100002A139A5500000000${index.toString(16).padStart(4, '0').slice(-4)}`, WAIT: 'true', TAGS: 'TagA', CLUSTER: 'DefaultCluster' });
const commonProperties = Array.from({ length: 1024 }, (_, index) => properties(index));

const bornHost = { ip: '127.0.0.1', port: 51234 };
const storeHost = { ip: '127.0.0.1', port: 10911 };
const bornTimestamp = Date.now();

function message(index: number): MessageToStore {
  return {
    topic: 'TopicBenchmark',
    queueId: index % settings.queues,
    flag: 0,
    sysFlag: 0,
    bornTimestamp,
    bornHost,
    storeHost,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    body,
    properties: commonProperties[index % 1024],
  };
}

const batchBody = encodeBatch(Array.from({ length: settings.batch }, (_, index) => ({ body, properties: { UNIQ_KEY: `7F00000100002A139A5500000000${index}`, WAIT: 'true' } })));

function append(store: LogMessageStore, index: number): Promise<AppendResult> {
  if (settings.batch === 1) return store.append(message(index));
  const batch: BatchToStore = { ...message(index), properties: '', batchBody };
  return store.appendBatch(batch);
}

async function run(store: LogMessageStore, count: number): Promise<void> {
  let sent = 0;
  while (sent < count) {
    const results: Promise<AppendResult>[] = [];
    for (let index = 0; index < settings.window && sent < count; index++, sent++) results.push(append(store, sent));
    await Promise.all(results);
  }
}

const root = mkdtempSync(join(tmpdir(), 'store-bench-'));
const store = new LogMessageStore(
  { storePathRootDir: root, flushDiskType: values.flush === 'SYNC_FLUSH' ? 'SYNC_FLUSH' : 'ASYNC_FLUSH', messageIndexEnable: values.index !== 'off' },
  { fileSystem: new NodeFileSystem(), clock: new SystemClock() },
);
try {
  await store.open();
  const appends = Math.ceil(settings.messages / settings.batch);
  console.log(`${JSON.stringify(values)}; ${cpus()[0]?.model ?? 'unknown processor'} x ${cpus().length}, Node ${process.version}`);
  for (let round = 0; round < settings.rounds; round++) {
    const started = performance.now();
    const cpuStarted = process.cpuUsage();
    await run(store, appends);
    const seconds = (performance.now() - started) / 1000;
    const cpu = process.cpuUsage(cpuStarted);
    const count = appends * settings.batch;
    console.log(
      `round ${round}: ${Math.round(count / seconds)} messages/s, ${((seconds * 1e6) / count).toFixed(2)} us each; CPU ${((cpu.user + cpu.system) / count).toFixed(2)} us (system ${(cpu.system / count).toFixed(2)}); rss ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
    );
  }
  await store.close();
} finally {
  rmSync(root, { recursive: true, force: true });
}
