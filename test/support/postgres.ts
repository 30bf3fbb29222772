import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { Client, type PoolConfig } from 'pg';

import { eventually } from './eventually.js';

/** A database for tests. */
export interface TestPostgres {
  /** For `new pg.Pool(config)`. */
  readonly config: PoolConfig;
  /** Stops a temporary server and removes its files; leaves one that was given by `TEST_POSTGRES_URL` alone. */
  stop(): Promise<void>;
}

/** Why there is no PostgreSQL for tests here, with the remedy; `undefined` when there is one. */
export function postgresProblem(): string | undefined {
  if (process.env['TEST_POSTGRES_URL']) return undefined;
  if (binaries() === undefined) return 'neither is TEST_POSTGRES_URL set nor are `postgres` and `initdb` installed (Debian: apt-get install postgresql)';
  if (isRoot() && serverUser() === undefined) return 'PostgreSQL refuses to run as root and there is no user "postgres"; make one or set TEST_POSTGRES_URL';
  return undefined;
}

/** Connects to `TEST_POSTGRES_URL`, or starts a server of its own on a socket in a temporary directory. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url) return { config: { connectionString: url }, stop: async () => undefined };
  const problem = postgresProblem();
  if (problem !== undefined) throw new Error(`this spec needs PostgreSQL: ${problem}`);
  const directory = mkdtempSync(join(tmpdir(), 'pg-'));
  const user = isRoot() ? serverUser() : undefined;
  if (user) chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const run = { ...user, cwd: directory, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  execFileSync(join(binaries() ?? '', 'initdb'), ['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--no-sync'], { ...run, stdio: 'pipe' });
  const settings = ['listen_addresses=', 'fsync=off', 'max_connections=150', 'shared_buffers=16MB', 'log_min_messages=fatal'];
  const server = spawn(join(binaries() ?? '', 'postgres'), ['-D', data, '-k', directory, ...settings.flatMap((setting) => ['-c', setting])], {
    ...run,
    stdio: 'ignore',
  });
  const killNow = (): boolean => server.kill('SIGQUIT');
  process.once('exit', killNow);
  const config: PoolConfig = { host: directory, user: 'test', database: 'postgres' };
  try {
    await eventually('PostgreSQL to accept connections', () => canConnect(server, config), 30_000, 50);
  } catch (error) {
    killNow();
    throw error;
  }
  return {
    config,
    stop: async () => {
      process.off('exit', killNow);
      await stopServer(server);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function canConnect(server: ChildProcess, config: PoolConfig): Promise<boolean> {
  if (server.exitCode !== null) throw new Error(`postgres ended with code ${server.exitCode}`);
  const client = new Client(config);
  await client.connect();
  await client.end();
  return true;
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  // Waits for clients: a pool that has just ended is still saying goodbye. Whoever forgot to end is cut off.
  server.kill('SIGTERM');
  const impatient = setTimeout(() => server.kill('SIGINT'), 5000);
  await gone;
  clearTimeout(impatient);
}

/** Directory with the server's real programs; those of a distribution's version directory come first, as `PATH` may hold wrappers. */
function binaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...versions.map((version) => join(root, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
  return places.find((place) => existsSync(join(place, 'postgres')) && existsSync(join(place, 'initdb')));
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function serverUser(): { uid: number; gid: number } | undefined {
  try {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] })));
    return { uid, gid };
  } catch {
    return undefined;
  }
}
