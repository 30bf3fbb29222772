import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FileIdempotencyStore } from '../../lib/idempotency/stores/file.store.js';
import { transpileForNode } from '../support/transpile.js';

/** Claims and completes keys from eight loops at once, and prints each step once it is acknowledged. Compacts all the time. */
const PROGRAM = `
  const { FileIdempotencyStore } = await import(process.argv[1]);
  const [, , path, durability, round] = process.argv;
  const store = await FileIdempotencyStore.open({ path, durability, compactOverBytes: 1 });
  const work = async (loop) => {
    for (let i = 0; ; i++) {
      const key = [round, loop, i].join('-');
      const { claim } = await store.claim({ scope: 's', key, owner: 'child' });
      console.log('claimed ' + key);
      if (i % 10 === 9) { await store.release(claim, 'no'); console.log('released ' + key); continue; }
      await store.complete(claim, { result: { kind: 'json', value: key } });
      console.log('completed ' + key);
    }
  };
  const compacting = async () => { for (;;) { await store.compact(); await new Promise((next) => setTimeout(next, 10)); } };
  await Promise.all([...Array(8).keys()].map(work).concat(round % 2 ? [compacting()] : []));
`;

let directory: string;
let module: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'idempotency-crash-'));
  module = transpileForNode('lib/idempotency/stores/file.store.ts', join(directory, 'program'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the program until it has printed `lines` lines, kills it, and returns everything that was acknowledged. */
async function runAndKill(path: string, durability: string, round: number, lines: number): Promise<string[]> {
  const running = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, module, path, durability, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child = running;
  const seen: string[] = [];
  const exited = new Promise((resolve) => running.once('exit', resolve));
  for await (const line of createInterface({ input: running.stdout })) {
    seen.push(line);
    if (seen.length === lines) running.kill('SIGKILL');
  }
  await exited;
  expect(running.signalCode).toBe('SIGKILL');
  return seen;
}

describe('FileIdempotencyStore killed with kill -9', () => {
  it.each(['process', 'machine'] as const)('loses nothing that was acknowledged, ten times over (%s)', async (durability) => {
    const path = join(directory, 'keys');
    const expected = new Map<string, string>();
    for (let round = 0; round < 10; round++) {
      const lines = await runAndKill(path, durability, round, 100 + 97 * round);
      for (const line of lines) {
        const [state, key] = line.split(' ');
        expected.set(key, state);
      }
      const store = await FileIdempotencyStore.open({ path, durability });
      for (const [key, state] of expected) {
        const record = await store.find('s', key);
        // The step after the last acknowledged one may have been written as well.
        const possible = state === 'claimed' ? ['in-progress', 'completed', 'released'] : [state];
        expect(possible, `${key} was ${state}`).toContain(record?.state);
        if (state === 'completed') expect(record?.result).toEqual({ kind: 'json', value: key });
      }
      await store.close();
    }
    expect([...expected.values()].filter((state) => state === 'completed').length).toBeGreaterThan(1000);
  });
});
