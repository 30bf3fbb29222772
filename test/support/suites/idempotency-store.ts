import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { IdempotencyStoreError, InProgressElsewhereError, StaleClaimError } from '../../../lib/idempotency/errors.js';
import {
  DEFAULT_LEASE_MS,
  DEFAULT_RETENTION_MS,
  UNSETTLED_RETENTION_MS,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type IdempotencyRecord,
  type IdempotencyStore,
} from '../../../lib/idempotency/idempotency-store.js';
import { IdempotentRunner } from '../../../lib/idempotency/runner.js';
import type { VirtualClock } from '../virtual-clock.js';

/** A store under test. */
export interface StoreHarness {
  readonly clock: VirtualClock;
  /** The store; after {@link restart} the new one. */
  store(): IdempotencyStore;
  /** Another view of the same keys, as a second process has; the same store where only one process is possible. */
  second(): IdempotencyStore;
  /** Forgets everything in memory without a proper close, as a killed process does, and opens again. Absent: not durable. */
  restart?(): Promise<void>;
  dispose(): Promise<void>;
}

const SCOPE = 'orders/deduct';

function request(change: Partial<ClaimRequest> = {}): ClaimRequest {
  return { scope: SCOPE, key: 'order-1', owner: 'a', ...change };
}

/** Claims and insists on getting it. */
export async function acquire(store: IdempotencyStore, change: Partial<ClaimRequest> = {}): Promise<Claim> {
  const answer = await store.claim(request(change));
  if (answer.state !== 'acquired') throw new Error(`expected to acquire ${change.key ?? 'order-1'}, got ${JSON.stringify(answer)}`);
  return answer.claim;
}

/** What every idempotency store must do. `open` makes an empty one. */
export function describeIdempotencyStore(name: string, open: () => Promise<StoreHarness>): void {
  describe(`${name} as an idempotency store`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      await harness.dispose();
    });
    const context = (): StoreHarness => harness;
    claims(context);
    results(context);
    leases(context);
    fencing(context);
    lifetimes(context);
    operators(context);
    crashes(context);
    badArguments(context);
  });
}

type Context = () => StoreHarness;

function claims(context: Context): void {
  it('gives a new key to the first who asks, with a full lease', async () => {
    const { clock } = context();
    const answer = await context().store().claim(request({ fingerprint: 'f' }));
    expect(answer).toMatchObject({
      state: 'acquired',
      takenOver: false,
      claim: { scope: SCOPE, key: 'order-1', owner: 'a', attempt: 1, fingerprint: 'f', leaseExpiresAtMs: clock.now() + DEFAULT_LEASE_MS, transactional: false },
    });
  });

  it('lets exactly one of a hundred racing claims through', async () => {
    const { clock } = context();
    clock.advance(1);
    const stores = [context().store(), context().second()];
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => stores[index % 2].claim(request({ owner: `racer-${index}`, leaseMs: 5000 }))));
    expect(answers.filter((answer) => answer.state === 'acquired')).toHaveLength(1);
    const others = answers.filter((answer) => answer.state === 'in-progress');
    expect(others).toHaveLength(99);
    expect(others.every((answer) => answer.retryAfterMs === 5000)).toBe(true);
  });

  it('lets exactly one of a hundred racing takeovers through', async () => {
    await acquire(context().store(), { leaseMs: 1000 });
    context().clock.advance(1000);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => context().store().claim(request({ owner: `racer-${index}` }))));
    expect(answers.filter((answer) => answer.state === 'acquired')).toHaveLength(1);
  });

  it('keeps scopes and keys apart, also when they are joined by a common separator', async () => {
    const store = context().store();
    const subjects = [['g/h', 'k'], ['g', 'h/k'], ['g', 'k'], ['g/h', 'K'], ['g/h', 'k '], ['g/h', 'kü'], ['g/h', "k'; --"], ['g/h', '中文🙂'], ['x'.repeat(255), 'y'.repeat(512)]];
    for (const [scope, key] of subjects) expect(await store.claim(request({ scope, key }))).toMatchObject({ state: 'acquired' });
    for (const [scope, key] of subjects) expect(await store.claim(request({ scope, key }))).toMatchObject({ state: 'in-progress' });
  });

  it('refuses a key that comes back with another payload, and does not mind when one side has no fingerprint', async () => {
    const store = context().store();
    const claim = await acquire(store, { fingerprint: 'one' });
    const mismatch: ClaimResult = { state: 'fingerprint-mismatch', recorded: 'one', offered: 'two' };
    expect(await store.claim(request({ fingerprint: 'two' }))).toEqual(mismatch);
    expect(await store.claim(request())).toMatchObject({ state: 'in-progress' });
    await store.complete(claim);
    expect(await store.claim(request({ fingerprint: 'two' }))).toEqual(mismatch);
    expect(await store.claim(request({ fingerprint: 'one' }))).toMatchObject({ state: 'completed' });
    expect(await store.claim(request())).toMatchObject({ state: 'completed' });
  });

  it('accepts other content for a key whose work was not done', async () => {
    const store = context().store();
    await store.release(await acquire(store, { fingerprint: 'one' }));
    const second = await acquire(store, { fingerprint: 'two', leaseMs: 1000 });
    expect(second).toMatchObject({ attempt: 2, fingerprint: 'two' });
    context().clock.advance(1000);
    expect(await acquire(store, { fingerprint: 'three' })).toMatchObject({ attempt: 3, fingerprint: 'three' });
  });
}

function results(context: Context): void {
  it('gives duplicates the recorded result, as it was', async () => {
    const store = context().store();
    const bytes = Uint8Array.from([0, 1, 255, 10, 0]);
    const recorded = {
      none: { kind: 'none' },
      json: { kind: 'json', value: { a: [1, null, 'ü', '\u0000', { b: false }], c: 1.5e300 } },
      text: { kind: 'json', value: '' },
      null: { kind: 'json', value: null },
      bytes: { kind: 'bytes', bytes },
      empty: { kind: 'bytes', bytes: new Uint8Array(0) },
    } as const;
    for (const [key, result] of Object.entries(recorded)) {
      context().clock.advance(10);
      await store.complete(await acquire(store, { key }), { result });
      const answer = await context().second().claim(request({ key, owner: 'b' }));
      expect(answer).toEqual({ state: 'completed', result, completedAtMs: context().clock.now() });
    }
  });

  it('keeps its own copy of recorded bytes', async () => {
    const store = context().store();
    const bytes = Uint8Array.from([1, 2, 3]);
    await store.complete(await acquire(store), { result: { kind: 'bytes', bytes } });
    bytes.fill(9);
    expect(await store.claim(request())).toMatchObject({ result: { bytes: Uint8Array.from([1, 2, 3]) } });
  });
}

function leases(context: Context): void {
  it('takes over exactly when the lease is over, not before', async () => {
    const store = context().store();
    const first = await acquire(store, { leaseMs: 1000 });
    context().clock.advance(999);
    expect(await store.claim(request({ owner: 'b' }))).toEqual({ state: 'in-progress', retryAfterMs: 1 });
    context().clock.advance(1);
    const answer = await store.claim(request({ owner: 'b' }));
    expect(answer).toMatchObject({ state: 'acquired', takenOver: true, claim: { owner: 'b', attempt: 2 } });
    expect(answer.state === 'acquired' && answer.claim.token).toBeGreaterThan(first.token);
  });

  it('prolongs a lease by renewal, from now on, and never shortens it', async () => {
    const store = context().store();
    const claim = await acquire(store, { leaseMs: 1000 });
    context().clock.advance(900);
    const renewed = await store.renew(claim, 1000);
    expect(renewed).toEqual({ ...claim, leaseExpiresAtMs: context().clock.now() + 1000 });
    expect((await store.renew(renewed, 10)).leaseExpiresAtMs).toBe(renewed.leaseExpiresAtMs);
    context().clock.advance(999);
    expect(await store.claim(request({ owner: 'b' }))).toEqual({ state: 'in-progress', retryAfterMs: 1 });
    await store.complete(claim);
  });

  it('lets a holder whose lease is over but untouched renew, complete and release', async () => {
    const store = context().store();
    for (const key of ['renew', 'complete', 'release']) await acquire(store, { key, leaseMs: 10 });
    const [renew, complete, release] = await Promise.all(['renew', 'complete', 'release'].map((key) => heldClaim(store, key)));
    context().clock.advance(1000);
    await store.renew(renew, 1000);
    await store.complete(complete);
    await store.release(release);
    expect(await store.claim(request({ key: 'renew', owner: 'b' }))).toMatchObject({ state: 'in-progress' });
    expect(await store.claim(request({ key: 'complete', owner: 'b' }))).toMatchObject({ state: 'completed' });
    expect(await store.claim(request({ key: 'release', owner: 'b' }))).toMatchObject({ state: 'acquired', takenOver: false });
    context().clock.advance(UNSETTLED_RETENTION_MS + 1000);
    for (const verb of ['complete', 'release'] as const) await expect(store[verb](renew)).rejects.toThrow(StaleClaimError);
    await expect(store.renew(renew, 1000)).rejects.toThrow(StaleClaimError);
  });
}

async function heldClaim(store: IdempotencyStore, key: string): Promise<Claim> {
  const record = await store.find(SCOPE, key);
  if (!record) throw new Error(`no record of ${key}`);
  const { scope, owner, token, attempt, leaseExpiresAtMs } = record;
  return { scope, key, owner, token, attempt, leaseExpiresAtMs, transactional: false };
}

function fencing(context: Context): void {
  it('refuses everything of an overtaken holder, and the new holder is not disturbed', async () => {
    const store = context().store();
    const stale = await acquire(store, { leaseMs: 1000 });
    context().clock.advance(1000);
    const current = await acquire(store, { owner: 'b' });
    await expect(store.complete(stale, { result: { kind: 'json', value: 'stale' } })).rejects.toThrow(StaleClaimError);
    await expect(store.release(stale)).rejects.toThrow(StaleClaimError);
    await expect(store.renew(stale, 1000)).rejects.toMatchObject({ code: 'IDEMPOTENCY_STALE_CLAIM', retryable: false, details: { token: stale.token } });
    await store.complete(current, { result: { kind: 'json', value: 'current' } });
    await expect(store.complete(stale)).rejects.toThrow(StaleClaimError);
    expect(await store.claim(request())).toMatchObject({ state: 'completed', result: { value: 'current' } });
  });

  it('tells an overtaken holder from the new one even when both have one name', async () => {
    const store = context().store();
    const stale = await acquire(store, { leaseMs: 1000 });
    context().clock.advance(1000);
    await acquire(store);
    await expect(store.complete(stale)).rejects.toThrow(StaleClaimError);
  });

  it('accepts the same completion, release and renewal again, as after a lost answer, and nothing else', async () => {
    const store = context().store();
    const completed = await acquire(store, { key: 'c' });
    await store.complete(completed, { result: { kind: 'json', value: 1 } });
    await store.complete(completed, { result: { kind: 'json', value: 2 } });
    await expect(store.release(completed)).rejects.toThrow(StaleClaimError);
    await expect(store.renew(completed, 1000)).rejects.toThrow(StaleClaimError);
    expect(await store.claim(request({ key: 'c' }))).toMatchObject({ result: { value: 1 } });
    const released = await acquire(store, { key: 'r' });
    await store.release(released);
    await store.release(released);
    await expect(store.complete(released)).rejects.toThrow(StaleClaimError);
    await expect(store.renew(released, 1000)).rejects.toThrow(StaleClaimError);
  });

  it('gives ever greater tokens through releases, takeovers, forgetting and expiry', async () => {
    const store = context().store();
    let last = 0;
    const next = async (): Promise<Claim> => {
      context().clock.advance(5);
      const claim = await acquire(store, { leaseMs: 1000, owner: 'same' });
      expect(claim.token).toBeGreaterThan(last);
      last = claim.token;
      return claim;
    };
    await store.release(await next());
    await next();
    context().clock.advance(1000);
    await store.complete(await next(), { retentionMs: 1000 });
    context().clock.advance(2000);
    await store.complete(await next(), { retentionMs: 1000 });
    context().clock.advance(2000);
    expect(await store.purgeExpired()).toBe(1);
    const forgotten = await next();
    expect(await store.forget(SCOPE, 'order-1')).toBe(true);
    await expect(store.complete(forgotten)).rejects.toThrow(StaleClaimError);
    await next();
    await expect(store.complete(forgotten)).rejects.toThrow(StaleClaimError);
  });
}

function lifetimes(context: Context): void {
  it('forgets a completed key when its retention is over, to the millisecond, and not after the lease', async () => {
    const store = context().store();
    await store.complete(await acquire(store, { leaseMs: 1000 }));
    context().clock.advance(DEFAULT_RETENTION_MS - 1);
    expect(await store.claim(request())).toMatchObject({ state: 'completed' });
    context().clock.advance(1);
    expect(await store.claim(request())).toMatchObject({ state: 'acquired', takenOver: false, claim: { attempt: 1 } });
  });

  it('purges what has expired, in batches, and nothing else', async () => {
    const store = context().store();
    for (let index = 0; index < 25; index++) await store.complete(await acquire(store, { key: `done-${index}` }), { retentionMs: 1000 });
    await store.complete(await acquire(store, { key: 'kept' }), { retentionMs: 1_000_000 });
    await acquire(store, { key: 'busy', leaseMs: 1_000_000 });
    expect(await store.purgeExpired()).toBe(0);
    context().clock.advance(2000);
    expect(await store.purgeExpired(10)).toBe(10);
    expect(await store.purgeExpired(10)).toBe(10);
    expect(await store.purgeExpired(10)).toBe(5);
    expect(await store.purgeExpired(10)).toBe(0);
    expect((await store.list()).records.map((record) => record.key)).toEqual(['busy', 'kept']);
  });

  it('purges abandoned and released keys a day later', async () => {
    const store = context().store();
    await acquire(store, { key: 'abandoned', leaseMs: 1000 });
    await store.release(await acquire(store, { key: 'released' }), 'boom');
    context().clock.advance(UNSETTLED_RETENTION_MS - 1);
    expect(await store.purgeExpired()).toBe(0);
    context().clock.advance(2001);
    // Some stores also purge by themselves, so the number is theirs.
    expect(await store.purgeExpired()).toBeLessThanOrEqual(2);
    expect(await store.purgeExpired()).toBe(0);
    expect(await store.forget(SCOPE, 'released')).toBe(false);
    expect(await acquire(store, { key: 'abandoned' })).toMatchObject({ attempt: 1 });
  });
}

function operators(context: Context): void {
  it('shows a key with its whole story', async () => {
    const store = context().store();
    const { clock } = context();
    expect(await store.find(SCOPE, 'order-1')).toBeUndefined();
    const first = await acquire(store, { fingerprint: 'f' });
    clock.advance(10);
    await store.release(first, `boom ${'x'.repeat(2000)}`);
    const released = await store.find(SCOPE, 'order-1');
    expect(released).toMatchObject({ state: 'released', attempt: 1, owner: 'a', fingerprint: 'f', updatedAtMs: clock.now(), expiresAtMs: clock.now() + UNSETTLED_RETENTION_MS });
    expect(released?.reason).toMatch(/^boom x+$/);
    expect(released?.reason?.length).toBe(500);
    const second = await acquire(store, { owner: 'b' });
    expect(await store.find(SCOPE, 'order-1')).toMatchObject({ state: 'in-progress', attempt: 2, owner: 'b', token: second.token, leaseExpiresAtMs: second.leaseExpiresAtMs });
    await store.complete(second, { result: { kind: 'json', value: 7 }, retentionMs: 5000 });
    const completed: Partial<IdempotencyRecord> = { state: 'completed', attempt: 2, result: { kind: 'json', value: 7 }, expiresAtMs: clock.now() + 5000 };
    expect(await store.find(SCOPE, 'order-1')).toMatchObject(completed);
    clock.advance(5000);
    expect(await store.find(SCOPE, 'order-1')).toBeUndefined();
  });

  it('lists in order, by pages, scope and state', async () => {
    const store = context().store();
    const keys = ['b', 'a', '\u{ff5e}', '\u{1f642}', 'B', 'ä', 'a1'];
    for (const key of keys) await acquire(store, { key });
    for (const scope of ['A', 'z']) await store.complete(await acquire(store, { scope, key: 'm' }));
    const seen: string[] = [];
    for (let after: { scope: string; key: string } | undefined, more = true; more; ) {
      const page = await store.list({ limit: 2, after });
      expect(page.records.length).toBeLessThanOrEqual(2);
      seen.push(...page.records.map((record) => `${record.scope}:${record.key}`));
      after = page.next;
      more = after !== undefined;
    }
    const byBytes = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    expect(seen).toEqual(['A:m', ...byBytes.map((key) => `${SCOPE}:${key}`), 'z:m']);
    expect((await store.list({ scope: 'z' })).records).toHaveLength(1);
    expect((await store.list({ state: 'completed' })).records.map((record) => record.scope)).toEqual(['A', 'z']);
    expect((await store.list({ scope: SCOPE, state: 'released' })).records).toEqual([]);
  });

  it('forgets a key in every state, so that it can be done again', async () => {
    const store = context().store();
    expect(await store.forget(SCOPE, 'order-1')).toBe(false);
    await store.complete(await acquire(store));
    expect(await store.forget(SCOPE, 'order-1')).toBe(true);
    expect(await store.forget(SCOPE, 'order-1')).toBe(false);
    const busy = await acquire(store);
    expect(busy.attempt).toBe(1);
    expect(await store.forget(SCOPE, 'order-1')).toBe(true);
    await expect(store.renew(busy, 1000)).rejects.toThrow(StaleClaimError);
    await store.release(await acquire(store));
    expect(await store.forget(SCOPE, 'order-1')).toBe(true);
    expect((await store.list()).records).toEqual([]);
  });
}

/** A store of which chosen calls fail, before they have an effect or after. */
function failing(store: IdempotencyStore, verb: 'claim' | 'complete' | 'release', when: 'before' | 'after', times: number): IdempotencyStore {
  let left = times;
  const fail = async <T>(call: () => Promise<T>): Promise<T> => {
    if (left-- <= 0) return call();
    if (when === 'after') await call();
    throw new IdempotencyStoreError(`injected: ${when} ${verb}`, { retryable: true });
  };
  return new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      const call = (...args: unknown[]): Promise<unknown> => Reflect.apply(method, target, args) as Promise<unknown>;
      return name === verb ? (...args: unknown[]) => fail(() => call(...args)) : call;
    },
  });
}

function crashes(context: Context): void {
  const deaths = [
    { at: 'before the claim arrived', verb: 'claim', when: 'before', effects: 1, blocked: false },
    { at: 'after the claim, before its answer', verb: 'claim', when: 'after', effects: 1, blocked: true },
    { at: 'before the completion arrived', verb: 'complete', when: 'before', effects: 2, blocked: true },
    { at: 'after the completion, before its answer', verb: 'complete', when: 'after', effects: 1, blocked: false },
  ] as const;

  for (const { at, verb, when, effects, blocked } of deaths) {
    it(`recovers from a failure ${at}: ${effects} effect(s), blocked ${blocked ? 'until the lease ends' : 'not at all'}`, async () => {
      const { clock } = context();
      let count = 0;
      const effect = (): string => `effect ${++count}`;
      const dying = new IdempotentRunner({ store: failing(context().store(), verb, when, 1000), clock, leaseMs: 1000, completeAttempts: 1 });
      await expect(dying.run(request(), effect)).rejects.toThrow('injected');
      await context().restart?.();
      const next = new IdempotentRunner({ store: context().store(), clock, leaseMs: 1000 });
      if (blocked) {
        await expect(next.run(request(), effect)).rejects.toThrow(InProgressElsewhereError);
        clock.advance(1000);
      }
      const outcome = await next.run(request(), effect);
      expect(outcome.result).toBe(`effect ${effects}`);
      expect(await next.run(request(), effect)).toMatchObject({ replayed: true, result: `effect ${effects}` });
      expect(count).toBe(effects);
    });
  }

  for (const when of ['before', 'after'] as const) {
    it(`passes the handler's error on when the release fails ${when} its effect, and the key is free when the lease ends at the latest`, async () => {
      const { clock } = context();
      const failures: unknown[] = [];
      const observer = { releaseFailed: (event: { error: unknown }): void => void failures.push(event.error) };
      const runner = new IdempotentRunner({ store: failing(context().store(), 'release', when, 1), clock, leaseMs: 1000, observer });
      await expect(runner.run(request(), () => Promise.reject(new Error('handler failed')))).rejects.toThrow('handler failed');
      expect(failures).toHaveLength(1);
      clock.advance(1000);
      expect(await runner.run(request(), () => 'done')).toMatchObject({ status: 'executed', attempt: 2 });
    });
  }

  it('is as it was after a restart', async () => {
    const { restart } = context();
    if (!restart) return expect(context().store().constructor.name).toBe('MemoryIdempotencyStore');
    const before = context().store();
    await before.complete(await acquire(before, { key: 'done', fingerprint: 'f' }), { result: { kind: 'json', value: { x: 1 } } });
    await before.release(await acquire(before, { key: 'failed' }), 'why');
    const forgotten = await acquire(before, { key: 'forgotten' });
    await before.forget(SCOPE, 'forgotten');
    const busy = await acquire(before, { key: 'busy', leaseMs: 1000 });
    const listed = (await before.list()).records;
    context().clock.advance(5);
    await restart();
    const after = context().store();
    expect((await after.list()).records).toEqual(listed);
    expect(await after.claim(request({ key: 'busy', owner: 'b' }))).toEqual({ state: 'in-progress', retryAfterMs: 995 });
    await after.complete(busy);
    expect(await acquire(after, { key: 'failed' })).toMatchObject({ attempt: 2 });
    expect((await acquire(after, { key: 'forgotten' })).token).toBeGreaterThan(forgotten.token);
  });
}

function badArguments(context: Context): void {
  it('refuses arguments that some store could not keep, naming them', async () => {
    const store = context().store();
    const bad: Partial<ClaimRequest>[] = [{ key: '' }, { scope: '' }, { owner: '' }, { key: 'k'.repeat(513) }, { key: 'a\0b' }, { key: '\ud800' }, { scope: 's'.repeat(256) }, { leaseMs: 0 }, { leaseMs: 1.5 }, { leaseMs: Number.NaN }, { fingerprint: '' }];
    for (const change of bad) await expect(store.claim(request(change))).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    const claim = await acquire(store);
    await expect(store.complete(claim, { retentionMs: -1 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(store.renew(claim, Number.POSITIVE_INFINITY)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(store.list({ limit: 0 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(store.purgeExpired(0)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('says so when it is used after its end', async () => {
    const store = context().store();
    await store.close();
    await store.close();
    await expect(store.claim(request())).rejects.toThrow(/closed/);
  });
}
