// The brokers a benchmark loads: ours as a child process, and Apache's beside it.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { getMaxOffset } from '../../lib/protocol/commands/offset/get-max-offset.command.js';
import { updateAndCreateTopic } from '../../lib/protocol/commands/topic/update-and-create-topic.command.js';
import { RemotingClient } from '../../lib/remoting/remoting-client.js';
import { SystemClock } from '../../lib/runtime/clock.js';
import { silentLogger } from '../../lib/runtime/logger.js';

/** A running broker. */
export interface BrokerUnderTest {
  readonly label: string;
  readonly host: string;
  readonly port: number;
  /** Whose processor time is read. */
  readonly pid: number;
  /** Ends it and removes what it stored. */
  stop(): Promise<void>;
}

/** Queues of the topic under load. */
export const QUEUES = 8;
const READ_AND_WRITE = 6;
const READY_WITHIN_MS = 20_000;
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Our brokers that run, and where they store; they end with this process at the latest. */
const children = new Map<ChildProcess, string>();
process.once('exit', () => {
  for (const [child, store] of children) {
    child.kill('SIGKILL');
    rmSync(store, { recursive: true, force: true, maxRetries: 3 });
  }
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1)); // so that the above runs

/** Starts `dist/broker/main.js standalone` with a store in a temporary directory. @throws Error when it does not become ready. */
export async function startOwnBroker(): Promise<BrokerUnderTest> {
  const store = mkdtempSync(join(tmpdir(), 'rocketmq-bench-'));
  const main = join(REPOSITORY, 'dist/broker/main.js');
  const child = spawn(process.execPath, [main, 'standalone', '--json', '--name-server-port', '0', '--listen-port', '0', '--store', store], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.set(child, store);
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    children.delete(child);
    rmSync(store, { recursive: true, force: true });
  };
  try {
    const address = await readyAddress(child);
    return { label: 'nestjs-rocketmq', ...hostAndPort(address), pid: child.pid ?? -1, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readyAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the broker was not ready within ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS);
    child.once('exit', (code) => reject(new Error(`the broker ended with code ${code} before it was ready; run "node dist/broker/main.js standalone" to see why`)));
    if (child.stdout === null) return reject(new Error('the broker has no standard output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as { event: string; brokerAddress: string };
      if (event.event !== 'ready') return;
      clearTimeout(timer);
      resolve(event.brokerAddress);
    });
  });
}

/** Starts Apache's NameServer and broker, the latter with commit log files of the default size (the tests' are small) and a heap of 2 GiB. */
export async function startApachePeer(): Promise<BrokerUnderTest> {
  provideVersionFile();
  const { startApacheBroker, startApacheNameServer } = await import('../../test/support/apache/apache-servers.js');
  const { APACHE_VERSION } = await import('../../test/support/apache/peer-home.js');
  const nameServer = await startApacheNameServer();
  try {
    const config = { mappedFileSizeCommitLog: 1024 ** 3 };
    const broker = await startApacheBroker({ nameServer: nameServer.address, heapMegabytes: 2048, config });
    const stop = async (): Promise<void> => {
      await broker.kill();
      await nameServer.stop();
    };
    return { label: `Apache ${APACHE_VERSION}`, ...hostAndPort(broker.address), pid: childMentioning(broker.directory), stop };
  } catch (error) {
    await nameServer.stop();
    throw error;
  }
}

/** The peer's support code reads its version from a file beside it, which the compiler does not copy. */
function provideVersionFile(): void {
  const file = 'test/support/apache/pom.xml';
  const compiled = join(REPOSITORY, 'dist', file);
  if (existsSync(compiled)) return;
  mkdirSync(dirname(compiled), { recursive: true });
  copyFileSync(join(REPOSITORY, file), compiled);
}

/** The child of this process whose command line contains `text`. */
function childMentioning(text: string): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'latin1');
      if (status.includes(`\nPPid:\t${process.pid}\n`) && readFileSync(`/proc/${entry}/cmdline`, 'latin1').includes(text)) return Number(entry);
    } catch {
      continue; // ended since the directory was listed
    }
  }
  throw new Error(`no child process mentions ${text}`);
}

function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** Creates a topic of {@link QUEUES} queues. */
export async function createTopic(broker: BrokerUnderTest, topic: string): Promise<void> {
  const header = {
    topic, defaultTopic: 'TBW102', readQueueNums: QUEUES, writeQueueNums: QUEUES, perm: READ_AND_WRITE, topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, force: false,
  };
  await withClient(async (client) => {
    (await client.invokeCommand(updateAndCreateTopic, `${broker.host}:${broker.port}`, header)).expectSuccess();
  });
}

/** Messages in each of the first `queues` queues of a topic that lost none yet. */
export async function queueSizes(broker: BrokerUnderTest, topic: string, queues: number): Promise<number[]> {
  return withClient(async (client) => {
    const sizes: number[] = [];
    for (let queueId = 0; queueId < queues; queueId++) {
      const response = await client.invokeCommand(getMaxOffset, `${broker.host}:${broker.port}`, { topic, queueId, committed: true });
      sizes.push(Number(response.expectSuccess().header.offset));
    }
    return sizes;
  });
}

async function withClient<T>(use: (client: RemotingClient) => Promise<T>): Promise<T> {
  const client = new RemotingClient({}, new SystemClock(), silentLogger);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
