import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BrokerOptions } from '../../broker/config/broker-options.js';
import type { NameServerOptions } from '../../broker/config/name-server-options.js';
import type { BrokerParts } from '../../broker/prepare-broker.js';
import { startStandalone } from '../../broker/start-standalone.js';
import { spawnCli, type CliProcess } from './cli-process.js';

/** Settings that suit a test: small files, one name whatever the machine is called. */
const TEST_SETTINGS = {
  brokerName: 'broker-a',
  mappedFileSizeCommitLog: 16 * 1024 * 1024,
  maxHashSlotNum: 10_000,
  maxIndexNum: 40_000,
} as const satisfies Partial<BrokerOptions>;

/** What a test broker is started with; everything may be left out. */
export interface OurBrokerOptions extends BrokerParts {
  readonly broker?: Partial<BrokerOptions>;
  readonly nameServer?: Partial<NameServerOptions>;
  /** Directory to keep; default: a fresh one, removed at the stop. */
  readonly directory?: string;
}

/** A NameServer and a broker in this process, on ports the system chose. */
export interface OurBroker {
  /** `host:port` of the NameServer. */
  readonly nameServer: string;
  readonly nameServerAddress: string;
  readonly brokerName: string;
  /** `host:port` of the broker. */
  readonly brokerAddress: string;
  readonly fastPort: number | undefined;
  /** Holds the store and the NameServer's files. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** Starts a NameServer and a broker in this process. */
export async function startOurBroker(options: OurBrokerOptions = {}): Promise<OurBroker> {
  const { broker, nameServer, directory: given, ...parts } = options;
  const directory = given ?? mkdtempSync(join(tmpdir(), 'our-broker-'));
  const remove = (): void => (given === undefined ? rmSync(directory, { recursive: true, force: true }) : undefined);
  try {
    const handle = await startStandalone(
      {
        broker: { ...TEST_SETTINGS, listenPort: 0, storePathRootDir: join(directory, 'store'), ...broker },
        nameServer: { listenPort: 0, kvConfigPath: join(directory, 'namesrv', 'kvConfig.json'), configStorePath: join(directory, 'namesrv', 'namesrv.properties'), ...nameServer },
      },
      parts,
    );
    return { ...handle, nameServer: handle.nameServerAddress, directory, stop: () => handle.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What a test broker in a process of its own is started with. */
export interface SpawnOptions {
  /** Settings of the broker, by Apache's names. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Directory to keep; default: a fresh one, removed at the stop. */
  readonly directory?: string;
}

/** `nestjs-rocketmq standalone` in a process of its own. */
export interface SpawnedBroker {
  readonly nameServer: string;
  readonly brokerAddress: string;
  readonly pid: number;
  readonly directory: string;
  /** What it wrote to standard error so far. */
  log(): string;
  /** Sends a signal, SIGKILL by default, and resolves when the process is gone; the directory stays. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same directory and ports; the process must be gone. */
  restart(settings?: SpawnOptions['settings']): Promise<SpawnedBroker>;
  /** Ends it in good order, or makes sure that it is gone, and removes a directory it made. @returns the exit code */
  stop(): Promise<number | null>;
}

/** Starts `standalone` as a real process and waits until it serves. */
export function spawnOurBroker(options: SpawnOptions = {}): Promise<SpawnedBroker> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'our-broker-'));
  return spawnOn(directory, options.directory === undefined, options.settings ?? {}, { nameServer: 0, broker: 0 });
}

async function spawnOn(directory: string, isOurs: boolean, settings: NonNullable<SpawnOptions['settings']>, ports: { nameServer: number; broker: number }): Promise<SpawnedBroker> {
  const all = { ...TEST_SETTINGS, listenPort: ports.broker, storePathRootDir: join(directory, 'store'), ...settings };
  const flags = Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const child = spawnCli(['standalone', '--json', '--name-server-port', String(ports.nameServer), ...flags], {
    ROCKETMQ_NAMESRV_KV_CONFIG_PATH: join(directory, 'namesrv', 'kvConfig.json'),
    ROCKETMQ_NAMESRV_CONFIG_STORE_PATH: join(directory, 'namesrv', 'namesrv.properties'),
  });
  const facts = await readyFacts(child);
  return {
    nameServer: facts.nameServerAddress,
    brokerAddress: facts.brokerAddress,
    pid: child.pid,
    directory,
    log: () => child.stderr(),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await child.exited;
    },
    restart: async (changed = {}) => {
      await child.exited;
      return spawnOn(directory, isOurs, { ...settings, ...changed }, { nameServer: portOf(facts.nameServerAddress), broker: portOf(facts.brokerAddress) });
    },
    stop: async () => {
      child.kill('SIGTERM');
      const { code } = await child.exited;
      if (isOurs) rmSync(directory, { recursive: true, force: true });
      return code;
    },
  };
}

async function readyFacts(child: CliProcess): Promise<{ nameServerAddress: string; brokerAddress: string }> {
  const line = await child.firstLine();
  if (line === undefined) throw new Error(`the broker ended instead of serving: ${child.stderr()}`);
  return JSON.parse(line) as { nameServerAddress: string; brokerAddress: string };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
