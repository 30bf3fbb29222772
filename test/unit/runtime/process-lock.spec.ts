import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SystemClock } from '../../../lib/runtime/clock.js';
import { ProcessLock, StoreLockedError, systemProcessTable, type ProcessTable } from '../../../lib/runtime/process-lock.js';
import { transpileForNode } from '../../support/transpile.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'process-lock-'));
  path = join(directory, 'store');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const clock = new SystemClock();
const real = systemProcessTable();

function table(change: Partial<ProcessTable>): ProcessTable {
  return { ...real, ...change };
}

/** Leaves the lock of a process that did not release it. */
function leftBehind(change: Partial<ProcessTable>): void {
  const lock = ProcessLock.acquire(path, { clock, processes: table(change) });
  const [name] = readdirSync(directory);
  lock.release();
  writeFileSync(join(directory, name), 'held');
}

describe('ProcessLock', () => {
  it('refuses a second holder by name, and gives the path free on release', () => {
    const lock = ProcessLock.acquire(path, { clock });
    expect(() => ProcessLock.acquire(path, { clock })).toThrow(StoreLockedError);
    expect(() => ProcessLock.acquire(path, { clock })).toThrow(`process ${process.pid}`);
    expect(readdirSync(directory)).toHaveLength(1);
    lock.release();
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    ProcessLock.acquire(path, { clock }).release();
  });

  it('does not mix up paths of which one begins with the other', () => {
    const lock = ProcessLock.acquire(path, { clock });
    ProcessLock.acquire(`${path}.other`, { clock }).release();
    ProcessLock.acquire(join(directory, 'sto'), { clock }).release();
    lock.release();
  });

  it('takes over from a process that is gone', () => {
    leftBehind({ pid: 123456 });
    const lock = ProcessLock.acquire(path, { clock, processes: table({ isAlive: (pid) => pid !== 123456 }) });
    expect(readdirSync(directory)).toHaveLength(1);
    lock.release();
  });

  it('is not fooled by a process id that another program has by now', () => {
    leftBehind({ pid: 123456, startTime: () => '1000' });
    const alive = { isAlive: () => true };
    expect(() => ProcessLock.acquire(path, { clock, processes: table({ ...alive, startTime: () => '1000' }) })).toThrow(StoreLockedError);
    ProcessLock.acquire(path, { clock, processes: table({ ...alive, startTime: () => '2000' }) }).release();
  });

  it('believes a holder of another container while it shows life, and no longer', () => {
    leftBehind({ world: 'elsewhere' });
    expect(() => ProcessLock.acquire(path, { clock })).toThrow(/another container or machine/);
    const [name] = readdirSync(directory);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(directory, name), longAgo, longAgo);
    ProcessLock.acquire(path, { clock }).release();
  });

  it('recognises a real process killed with its lock held', async () => {
    const holder = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    leftBehind({ pid: holder.pid ?? 0 });
    expect(() => ProcessLock.acquire(path, { clock })).toThrow(`process ${holder.pid}`);
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    ProcessLock.acquire(path, { clock }).release();
  });

  it('lets exactly one of those win that try at once', async () => {
    const program = `
      const { ProcessLock } = await import(process.argv[1]);
      const clock = { repeat: () => ({ cancel() {} }) };
      process.stdin.once('data', () => {
        try { ProcessLock.acquire(process.argv[2], { clock }); console.log('won'); } catch (error) { console.log(error.code); }
        process.stdin.once('data', () => process.exit(0));
      });
      console.log('ready');`;
    const source = transpileForNode('lib/runtime/process-lock.ts', join(directory, 'program'));
    const racers = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program, source, path], { stdio: ['pipe', 'pipe', 'inherit'] }),
    );
    const line = (index: number): Promise<string> => new Promise((resolve) => racers[index].stdout.once('data', (chunk) => resolve(String(chunk).trim())));
    await Promise.all(racers.map((_, index) => line(index)));
    const answers = racers.map((_, index) => line(index));
    for (const racer of racers) racer.stdin.write('go\n');
    const results = await Promise.all(answers);
    expect(results.filter((result) => result === 'won')).toHaveLength(1);
    expect(results.filter((result) => result === 'STORE_LOCKED')).toHaveLength(3);
    const exits = racers.map((racer) => new Promise((resolve) => racer.once('exit', resolve)));
    for (const racer of racers) racer.stdin.write('end\n');
    await Promise.all(exits);
  });
});
