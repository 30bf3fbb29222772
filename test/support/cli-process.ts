import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { transpileForNode } from './transpile.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** Inside `node_modules`, so that packages are found from there. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'our-broker');
const STALE_MS = 3_600_000;

/** A run of the command line as a real process. */
export interface CliProcess {
  readonly pid: number;
  /** The first line of standard output; `undefined` when the process ends without one. */
  firstLine(): Promise<string | undefined>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts `nestjs-rocketmq <args>`, compiled from the present sources. */
export function spawnCli(args: readonly string[], environment: Readonly<Record<string, string>> = {}, cwd?: string): CliProcess {
  const child = spawn(process.execPath, [compiledMain(), ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => done({ code, signal }));
  });
  const line = new Promise<string | undefined>((done) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('\n')) done(stdout.slice(0, stdout.indexOf('\n')));
    });
    void exited.finally(() => done(undefined));
  });
  return {
    pid: child.pid ?? -1,
    firstLine: () => line,
    stdout: () => stdout,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    exited,
  };
}

/** Runs the command line to its end. */
export async function runCliProcess(args: readonly string[], environment: Readonly<Record<string, string>> = {}, cwd?: string) {
  const child = spawnCli(args, environment, cwd);
  const { code } = await child.exited;
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** `broker/main.js` compiled from the sources as they are; compiled once per state of the sources, by whichever test comes first. */
function compiledMain(): string {
  const target = join(CACHE, sourcesFingerprint());
  if (!existsSync(target)) {
    mkdirSync(CACHE, { recursive: true });
    removeStale();
    const own = `${target}.${process.pid}`;
    transpileForNode('broker/main.ts', own);
    try {
      renameSync(own, target);
    } catch (error) {
      // Another test was faster.
      if (!existsSync(target)) throw error;
      rmSync(own, { recursive: true });
    }
  }
  return join(target, 'broker', 'main.js');
}

function removeStale(): void {
  for (const name of readdirSync(CACHE)) {
    const path = join(CACHE, name);
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > STALE_MS) rmSync(path, { recursive: true, force: true });
  }
}

function sourcesFingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of ['lib', 'broker']) {
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!name.endsWith('.ts')) continue;
      const { mtimeMs, size } = statSync(join(ROOT, folder, name));
      hash.update(`${folder}/${name} ${mtimeMs} ${size}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
