import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Claim, IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { FileIdempotencyStore, type FileStoreOptions } from '../../../lib/idempotency/stores/file.store.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import { FaultyFiles } from '../../support/idempotency/faulty-files.js';
import { VirtualClock } from '../../support/virtual-clock.js';

let directory: string;
let path: string;
let clock: VirtualClock;
let files: FaultyFiles;
const opened: FileIdempotencyStore[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'file-store-'));
  path = join(directory, 'keys');
  clock = new VirtualClock();
  files = new FaultyFiles();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});

const noLock = (): { release(): void } => ({ release: () => undefined });

async function open(change: Partial<FileStoreOptions> = {}): Promise<FileIdempotencyStore> {
  const store = await FileIdempotencyStore.open({ path, clock, fileSystem: files, lock: noLock, ...change });
  opened.push(store);
  return store;
}

async function take(store: IdempotencyStore, key: string, leaseMs = 60_000): Promise<Claim> {
  const answer = await store.claim({ scope: 's', key, owner: 'o', leaseMs });
  if (answer.state !== 'acquired') throw new Error(`${key}: ${answer.state}`);
  return answer.claim;
}

async function finish(store: IdempotencyStore, key: string, retentionMs?: number): Promise<void> {
  await store.complete(await take(store, key), { result: { kind: 'json', value: key }, retentionMs });
}

async function stateOf(store: IdempotencyStore, key: string): Promise<string | undefined> {
  return (await store.find('s', key))?.state;
}

/** A copy of the bytes as a crash would leave them, under another name. */
function crashed(bytes: Buffer): string {
  const copy = join(directory, 'crashed');
  writeFileSync(copy, bytes);
  return copy;
}

describe('group commit', () => {
  it('writes everything of one turn at once, with one sync when the machine may die', async () => {
    for (const durability of ['process', 'machine'] as const) {
      const store = await open({ path: `${path}-${durability}`, durability });
      const before = { writes: files.writes, syncs: files.syncs };
      await Promise.all(Array.from({ length: 200 }, (_, index) => take(store, `k${index}`)));
      expect(files.writes - before.writes).toBe(1);
      expect(files.syncs - before.syncs).toBe(durability === 'machine' ? 1 : 0);
    }
  });

  it('does not answer before the sync that covers the answer, also for a duplicate that meets it in memory', async () => {
    const store = await open({ durability: 'machine' });
    const claim = await take(store, 'k');
    let letGo!: () => void;
    files.holdSyncs = new Promise((resolve) => (letGo = resolve));
    const settled: string[] = [];
    const completing = store.complete(claim).then(() => settled.push('complete'));
    const duplicate = store.claim({ scope: 's', key: 'k', owner: 'p' }).then((answer) => settled.push(answer.state));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual([]);
    letGo();
    await Promise.all([completing, duplicate]);
    expect(settled.sort()).toEqual(['complete', 'completed']);
  });

  it('syncs in the background once a second, so that a power cut takes no more than that', async () => {
    const store = await open();
    await finish(store, 'k');
    const before = files.syncs;
    clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(files.syncs).toBe(before + 1);
  });
});

describe('failing writes', () => {
  it.each([0, 1, 50])('takes a failed batch back whole (%i bytes written) and goes on', async (bytes) => {
    const store = await open();
    await finish(store, 'done');
    const busy = await take(store, 'busy');
    const size = statSync(path).size;
    files.failWritesAfterBytes.push(bytes);
    const results = await Promise.allSettled([take(store, 'new'), store.complete(busy), store.forget('s', 'done'), store.claim({ scope: 's', key: 'new', owner: 'p' })]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(results[0]).toMatchObject({ reason: { code: 'IDEMPOTENCY_STORE_FAILED', retryable: true, cause: { code: 'ENOSPC' } } });
    expect(statSync(path).size).toBe(size);
    expect([await stateOf(store, 'new'), await stateOf(store, 'busy'), await stateOf(store, 'done')]).toEqual([undefined, 'in-progress', 'completed']);
    await store.complete(busy);
    await finish(store, 'new');
    const again = await open();
    expect([await stateOf(again, 'new'), await stateOf(again, 'busy'), await stateOf(again, 'done')]).toEqual(['completed', 'completed', 'completed']);
  });

  it('fails what was decided on the state of a batch that failed', async () => {
    const store = await open({ durability: 'machine' });
    let letGo!: () => void;
    files.holdSyncs = new Promise((resolve) => (letGo = resolve));
    files.failSyncs = 1;
    const first = take(store, 'a');
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const second = take(store, 'b');
    const outcomes = Promise.allSettled([first, second]);
    letGo();
    expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  });

  it('takes nothing more after a failed sync, and says what to do', async () => {
    const store = await open({ durability: 'machine' });
    files.failSyncs = 1;
    await expect(take(store, 'a')).rejects.toMatchObject({ retryable: false });
    await expect(take(store, 'b')).rejects.toThrow(/open it again/);
  });

  it('takes nothing more when the remains of a failed write cannot be cut off, and the next start cuts them', async () => {
    const store = await open();
    await finish(store, 'done');
    files.failWritesAfterBytes.push(20);
    files.failTruncates = 1;
    await expect(take(store, 'a')).rejects.toMatchObject({ retryable: false });
    await expect(take(store, 'b')).rejects.toThrow(/open it again/);
    const again = await open();
    expect(await stateOf(again, 'done')).toBe('completed');
    await finish(again, 'a');
  });

  it('takes several changes of one key back in their order', async () => {
    const store = await open();
    const claim = await take(store, 'k');
    files.failWritesAfterBytes.push(10);
    const results = await Promise.allSettled([store.complete(claim), store.forget('s', 'k'), take(store, 'k')]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await store.find('s', 'k')).toMatchObject({ state: 'in-progress', token: claim.token });
    await store.complete(claim);
  });

  it('keeps a change that is being written when the next one of its key is refused', async () => {
    const store = await open();
    const claim = await take(store, 'k', 1000);
    const bytes = new Uint8Array(17 * 1024 * 1024);
    const [renewed, completed] = await Promise.allSettled([store.renew(claim, 5000), store.complete(claim, { result: { kind: 'bytes', bytes } })]);
    expect([renewed.status, completed.status]).toEqual(['fulfilled', 'rejected']);
    expect(await store.find('s', 'k')).toMatchObject({ state: 'in-progress', leaseExpiresAtMs: clock.now() + 5000 });
    await store.complete(claim);
  });

  it('refuses a record that is too large without harm to others in its turn', async () => {
    const store = await open();
    const claim = await take(store, 'large');
    const bytes = new Uint8Array(17 * 1024 * 1024);
    const results = await Promise.allSettled([store.complete(claim, { result: { kind: 'bytes', bytes } }), finish(store, 'small')]);
    expect(results[0]).toMatchObject({ reason: { code: 'OPTION_INVALID' } });
    expect(results[1].status).toBe('fulfilled');
    await store.complete(claim);
  });
});

describe('opening what a crash left', () => {
  it('keeps every whole record, wherever the file is cut', async () => {
    const store = await open();
    const ends: number[] = [];
    for (const key of ['a', 'b']) {
      await finish(store, key);
      ends.push(statSync(path).size);
    }
    const bytes = readFileSync(path);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const copy = crashed(bytes.subarray(0, cut));
      const after = await open({ path: copy });
      for (const [index, key] of ['a', 'b'].entries()) expect((await stateOf(after, key)) === 'completed', `${key} at ${cut}`).toBe(cut >= ends[index]);
      await finish(after, 'later');
      await after.close();
      const third = await open({ path: copy });
      expect(await stateOf(third, 'later')).toBe('completed');
      await third.close();
    }
  });

  it('cuts garbage and zeros behind the last record, and tells how much', async () => {
    const store = await open();
    await finish(store, 'a');
    appendFileSync(path, Buffer.alloc(5000));
    const warnings: unknown[] = [];
    const logger: Logger = { debug: () => undefined, info: () => undefined, warn: (_message, fields) => warnings.push(fields), error: () => undefined };
    const after = await open({ logger });
    expect(warnings).toMatchObject([{ path, bytes: 5000 }]);
    expect(await stateOf(after, 'a')).toBe('completed');
  });

  it('cuts at a hole in writes that were never synced, though whole records follow it', async () => {
    const store = await open();
    await finish(store, 'a');
    const hole = statSync(path).size;
    await finish(store, 'b');
    await finish(store, 'c');
    const bytes = readFileSync(path);
    bytes.fill(0, hole, hole + 30);
    const after = await open({ path: crashed(bytes) });
    expect([await stateOf(after, 'a'), await stateOf(after, 'b'), await stateOf(after, 'c')]).toEqual(['completed', undefined, undefined]);
  });

  it.each(['process', 'machine'] as const)('refuses a file of which synced bytes were damaged, with the place (%s)', async (durability) => {
    const store = await open({ durability });
    await finish(store, 'a');
    const place = statSync(path).size;
    await finish(store, 'b');
    await store.close();
    const bytes = readFileSync(path);
    for (const at of [place, place + 5, place + 20, place + 70]) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 0x10;
      await expect(open({ path: crashed(damaged) })).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { position: place } });
    }
    await expect(open({ path: crashed(bytes) })).resolves.toBeDefined();
  });

  it('refuses what is no journal, and a version it does not know', async () => {
    await expect(open({ path: crashed(Buffer.from('something else entirely')) })).rejects.toThrow(/no idempotency journal/);
    await (await open()).close();
    const bytes = readFileSync(path);
    bytes[11] = 9;
    await expect(open({ path: crashed(bytes) })).rejects.toThrow(/version 9/);
  });

  it('notices damage that happens while it is open, instead of doing the work again', async () => {
    const store = await open();
    await finish(store, 'a');
    truncateSync(path, 40);
    await expect(store.claim({ scope: 's', key: 'a', owner: 'p' })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('is refused to a second process, and frees its lock also when opening fails', async () => {
    const { path: own, fileSystem } = { path: join(directory, 'locked', 'keys'), fileSystem: files };
    const first = await FileIdempotencyStore.open({ path: own, clock, fileSystem });
    await expect(FileIdempotencyStore.open({ path: own, clock, fileSystem })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await first.close();
    writeFileSync(own, 'something else entirely');
    await expect(FileIdempotencyStore.open({ path: own, clock, fileSystem })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readdirSync(join(directory, 'locked'))).toEqual(['keys']);
  });
});

describe('compaction', () => {
  it('drops what is dead and keeps the rest, with its tokens', async () => {
    const store = await open();
    for (let index = 0; index < 300; index++) await finish(store, `gone${index}`, 1000);
    for (let index = 0; index < 10; index++) await finish(store, `kept${index}`);
    await store.forget('s', 'kept9');
    const busy = await take(store, 'busy');
    const lastToken = busy.token;
    clock.advance(2000);
    const before = statSync(path).size;
    await store.compact();
    expect(statSync(path).size).toBeLessThan(before / 10);
    for (const instance of [store, await open()]) {
      expect(await stateOf(instance, 'gone1')).toBeUndefined();
      expect(await stateOf(instance, 'kept9')).toBeUndefined();
      for (let index = 0; index < 9; index++) expect(await stateOf(instance, `kept${index}`)).toBe('completed');
      expect(await stateOf(instance, 'busy')).toBe('in-progress');
    }
    await store.complete(busy);
    expect((await take(store, 'gone1')).token).toBeGreaterThan(lastToken);
  });

  it('loses nothing that happens while it runs', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 5000 }, (_, index) => finish(store, `old${index}`)));
    const held = await Promise.all(Array.from({ length: 100 }, (_, index) => take(store, `held${index}`)));
    const progress = { done: false };
    const compacting = Promise.all([store.compact(), store.compact()]).finally(() => (progress.done = true));
    const during: string[] = [];
    while (!progress.done) {
      const key = `during${during.length}`;
      await finish(store, key);
      during.push(key);
      await store.forget('s', `old${during.length}`);
      const claim = held.pop();
      if (claim) await store.complete(claim);
    }
    await compacting;
    await store.close();
    const after = await open();
    for (const key of during) expect(await stateOf(after, key)).toBe('completed');
    for (let index = 0; index < 5000; index++) expect((await stateOf(after, `old${index}`)) === 'completed').toBe(index === 0 || index > during.length);
    const states = await Promise.all(Array.from({ length: 100 }, (_, index) => stateOf(after, `held${index}`)));
    expect(states.filter((state) => state === 'in-progress')).toHaveLength(held.length);
  });

  it('happens by itself when the file is mostly dead', async () => {
    const store = await open({ compactOverBytes: 20_000 });
    for (let index = 0; index < 200; index++) await finish(store, `gone${index}`, 1000);
    await finish(store, 'kept');
    const before = statSync(path).size;
    clock.advance(61_000);
    while (statSync(path).size >= before) {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await stateOf(store, 'kept')).toBe('completed');
  });

  it('leaves the journal as it was when the disk is full, and goes on', async () => {
    const store = await open();
    for (let index = 0; index < 50; index++) await finish(store, `k${index}`);
    files.failWritesAfterBytes.push(100);
    await expect(store.compact()).rejects.toThrow(/ENOSPC/);
    expect(existsSync(`${path}.compact`)).toBe(false);
    await finish(store, 'later');
    await store.compact();
    expect(await stateOf(store, 'k49')).toBe('completed');
  });

  it('knows that all of a compacted file was synced', async () => {
    const store = await open();
    for (let index = 0; index < 5; index++) await finish(store, `k${index}`);
    await store.compact();
    const bytes = readFileSync(path);
    bytes[100] ^= 1;
    await expect(open({ path: crashed(bytes) })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });
});

describe('bounds', () => {
  it('refuses new keys over its limit, keeps the old ones, and finds room again when some expire', async () => {
    const store = await open({ keysMax: 10 });
    for (let index = 0; index < 10; index++) await finish(store, `k${index}`, 5000);
    await expect(take(store, 'k10')).rejects.toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED', retryable: true });
    expect(await store.claim({ scope: 's', key: 'k0', owner: 'o' })).toMatchObject({ state: 'completed' });
    clock.advance(6000);
    await finish(store, 'k10');
  });

  it('rejects senseless options', async () => {
    await expect(open({ path: '' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(open({ keysMax: 0 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});
