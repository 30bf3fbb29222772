import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awaitRegistration } from './await-registration.js';
import { freePort } from './free-ports.js';
import { JavaProcess } from './java-process.js';

type Setting = string | number | boolean;

export interface ApacheNameServer {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  /** Stops it and removes its directory. */
  stop(): Promise<void>;
}

export interface ApacheBrokerOptions {
  /** Addresses of name servers, separated by `;`. */
  readonly nameServer: string;
  /** Properties of the broker's configuration file, over the defaults of {@link brokerDefaults}. */
  readonly config?: Readonly<Record<string, Setting>>;
  /**
   * Where `store/` is read and written. Default: a temporary directory, removed at the end. A directory that is given stays,
   * so that a store can be looked at, or opened by another broker, afterwards.
   */
  readonly directory?: string;
  /** Port to listen on; default: a free one. */
  readonly port?: number;
  /** Largest heap, in MiB. Default 384. */
  readonly heapMegabytes?: number;
}

export interface ApacheBroker {
  /** `127.0.0.1:port`. */
  readonly address: string;
  readonly port: number;
  readonly brokerName: string;
  readonly directory: string;
  /** `store/` in `directory`. */
  readonly storePath: string;
  /** Ends it in order: flushes, unregisters, removes the abort file. Takes Apache's broker about 20 seconds; {@link kill} when the store is not needed. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

/** Starts Apache's NameServer on a free port and waits until it listens. */
export async function startApacheNameServer(options: { readonly port?: number } = {}): Promise<ApacheNameServer> {
  const directory = await mkdtemp(join(tmpdir(), 'rocketmq-namesrv-'));
  const port = options.port ?? (await freePort());
  const file = join(directory, 'namesrv.conf');
  const config = { listenPort: port, bindAddress: '127.0.0.1', kvConfigPath: join(directory, 'kvConfig.json'), configStorePath: join(directory, 'namesrv.properties') };
  await writeFile(file, properties(config));
  const java = await startServer('NameServer', 'org.apache.rocketmq.namesrv.NamesrvStartup', file, directory, 128);
  return {
    address: `127.0.0.1:${port}`,
    port,
    stop: async () => {
      await java.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Starts Apache's broker and waits until it serves and is registered. */
export async function startApacheBroker(options: ApacheBrokerOptions): Promise<ApacheBroker> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'rocketmq-broker-')));
  await mkdir(directory, { recursive: true });
  const port = options.port ?? (await freePort([-2, 1]));
  const config: Record<string, Setting> = { ...brokerDefaults(directory, port), namesrvAddr: options.nameServer, ...options.config };
  const file = join(directory, 'broker.conf');
  await writeFile(file, properties(config));
  const java = await startServer('broker', 'org.apache.rocketmq.broker.BrokerStartup', file, directory, options.heapMegabytes ?? 384);
  await Promise.all(options.nameServer.split(';').map((address) => awaitRegistration(address, `127.0.0.1:${port}`)));
  const end = async (how: () => Promise<void>): Promise<void> => {
    await how();
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  return {
    address: `127.0.0.1:${port}`,
    port,
    brokerName: String(config.brokerName),
    directory,
    storePath: join(directory, 'store'),
    stop: () => end(() => java.stop(90_000)),
    kill: () => end(() => java.kill()),
  };
}

/** Starts a server and waits until it says that it serves; leaves no process behind when it does not. */
async function startServer(name: string, mainClass: string, file: string, directory: string, heapMegabytes: number): Promise<JavaProcess> {
  const java = await JavaProcess.start({
    name: `Apache ${name}`,
    mainClass: 'Supervised',
    args: [mainClass, '-c', file],
    directory,
    heapMegabytes,
    jvmOptions: ['-XX:MaxDirectMemorySize=512m'],
  });
  try {
    await java.outputs('boot success');
  } catch (error) {
    await java.kill();
    throw error;
  }
  return java;
}

/** A broker for tests: small files, patience with slow machines, everything under one directory, on loopback alone. */
function brokerDefaults(directory: string, port: number): Record<string, Setting> {
  const store = join(directory, 'store');
  return {
    brokerClusterName: 'DefaultCluster',
    brokerName: 'broker-a',
    brokerId: 0,
    brokerRole: 'ASYNC_MASTER',
    flushDiskType: 'ASYNC_FLUSH',
    listenPort: port,
    haListenPort: port + 1,
    brokerIP1: '127.0.0.1',
    brokerIP2: '127.0.0.1',
    bindAddress: '127.0.0.1',
    storePathRootDir: store,
    storePathCommitLog: join(store, 'commitlog'),
    autoCreateTopicEnable: true,
    autoCreateSubscriptionGroup: true,
    enablePropertyFilter: true,
    mappedFileSizeCommitLog: 16 * 1024 * 1024,
    waitTimeMillsInSendQueue: 10_000,
    osPageCacheBusyTimeOutMills: 10_000,
    diskMaxUsedSpaceRatio: 98,
    transactionTimeOut: 2_000,
    transactionCheckInterval: 1_000,
    transactionOpBatchInterval: 100, // at the default of 3 s, settled messages would be checked before their settlement is stored
    sendMessageThreadPoolNums: 4,
    pullMessageThreadPoolNums: 4,
    traceTopicEnable: false,
  };
}

function properties(values: Readonly<Record<string, Setting>>): string {
  return `${Object.entries(values).map(([key, value]) => `${key}=${value}`).join('\n')}\n`;
}
