import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { NodeFileSystem, systemWriteCalls, type WriteCalls } from '../../../lib/runtime/node-file-system.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'node-file-system-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Takes at most `limit` bytes a call, as a full pipe or a signal may do, and counts chunks per call. */
function shortWrites(limit: number): WriteCalls & { readonly vectors: number[] } {
  const vectors: number[] = [];
  const cut = (chunks: readonly Uint8Array[]): Uint8Array[] => {
    vectors.push(chunks.length);
    return [Buffer.concat(chunks).subarray(0, limit)];
  };
  return {
    vectors,
    writev: (fd, chunks, position) => systemWriteCalls.writev(fd, cut(chunks), position),
    writevAsync: (fd, chunks, position) => systemWriteCalls.writevAsync(fd, cut(chunks), position),
  };
}

describe('NodeFileSystem', () => {
  it('writes chunks at a position and reads them back, also off the loop', async () => {
    const file = new NodeFileSystem().open(join(directory, 'a'), 'create');
    file.write([Buffer.from('hello '), Buffer.alloc(0), Buffer.from('world')], 3);
    await file.writeAsync([Buffer.from('H')], 3);
    expect(file.size()).toBe(14);
    const target = Buffer.alloc(20);
    expect(file.read(target, 2, 18, 3)).toBe(11);
    expect(target.subarray(2, 13).toString()).toBe('Hello world');
    expect(await file.readAsync(target, 0, 5, 9)).toBe(5);
    expect(target.subarray(0, 5).toString()).toBe('world');
    expect(await file.readAsync(target, 0, 5, 100)).toBe(0);
    await file.sync();
    file.syncNow();
    file.truncate(5);
    expect(file.size()).toBe(5);
    file.close();
  });

  it('continues after short writes, whatever the cut', async () => {
    const chunks = ['ab', '', 'cdefg', 'h', 'ijklmnop'].map((text) => Buffer.from(text));
    for (let limit = 1; limit <= 17; limit++) {
      const file = new NodeFileSystem(shortWrites(limit)).open(join(directory, `short-${limit}`), 'create');
      file.write(chunks, 0);
      await file.writeAsync(chunks, 16);
      file.close();
      expect(readFileSync(join(directory, `short-${limit}`), 'utf8')).toBe('abcdefghijklmnop'.repeat(2));
    }
  });

  it('splits vectors that are longer than the kernel takes', () => {
    const calls = shortWrites(Number.MAX_SAFE_INTEGER);
    const file = new NodeFileSystem(calls).open(join(directory, 'many'), 'create');
    file.write(Array.from({ length: 2500 }, (_, index) => Buffer.from([index & 0xff])), 0);
    file.close();
    expect(Math.max(...calls.vectors)).toBeLessThanOrEqual(1024);
    expect(readFileSync(join(directory, 'many'))).toEqual(Buffer.from(Array.from({ length: 2500 }, (_, index) => index & 0xff)));
  });

  it('reports a system that takes nothing instead of looping', () => {
    const file = new NodeFileSystem({ ...systemWriteCalls, writev: () => 0 }).open(join(directory, 'stuck'), 'create');
    expect(() => file.write([Buffer.from('x')], 0)).toThrow(/wrote 0 bytes/);
    file.close();
  });

  it('refuses a missing file unless it may create it', () => {
    const files = new NodeFileSystem();
    expect(() => files.open(join(directory, 'none'), 'read-write')).toThrow(/ENOENT/);
    expect(() => files.open(join(directory, 'none'), 'read')).toThrow(/ENOENT/);
    files.open(join(directory, 'none'), 'create').close();
    expect(files.stat(join(directory, 'none'))?.size).toBe(0);
  });

  it('says so when a closed file is used, and closing twice is harmless', () => {
    const file = new NodeFileSystem().open(join(directory, 'closed'), 'create');
    file.close();
    file.close();
    expect(() => file.size()).toThrow(/closed/);
  });

  it('lists, replaces, renames and removes; what is missing is no error', () => {
    const files = new NodeFileSystem();
    const inner = join(directory, 'x', 'y');
    expect(files.list(inner)).toEqual([]);
    expect(files.readFile(join(inner, 'b'))).toBeUndefined();
    expect(files.stat(inner)).toBeUndefined();
    files.makeDirectory(inner);
    files.makeDirectory(inner);
    files.writeFile(join(inner, 'b'), 'a longer text');
    files.writeFile(join(inner, 'b'), 'short');
    files.writeFile(join(inner, 'a'), Buffer.from('other'));
    expect(files.list(inner)).toEqual(['a', 'b']);
    expect(files.readFile(join(inner, 'b'))?.toString()).toBe('short');
    files.rename(join(inner, 'a'), join(inner, 'b'));
    files.syncDirectory(inner);
    expect(files.readFile(join(inner, 'b'))?.toString()).toBe('other');
    files.remove(join(inner, 'b'));
    files.remove(join(inner, 'b'));
    files.removeTree(join(directory, 'x'));
    files.removeTree(join(directory, 'x'));
    expect(existsSync(join(directory, 'x'))).toBe(false);
  });

  it('tells the disk space of a directory that is still to be made', () => {
    const { totalBytes, freeBytes } = new NodeFileSystem().diskSpace(join(directory, 'not', 'yet'));
    expect(totalBytes).toBeGreaterThan(0);
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
  });
});
