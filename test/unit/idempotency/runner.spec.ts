import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { beforeEach, describe, expect, it } from 'vitest';

import { FingerprintMismatchError, IdempotencyStoreError, InProgressElsewhereError, ResultNotRecordableError, StaleClaimError } from '../../../lib/idempotency/errors.js';
import { IDEMPOTENCY_CHANNEL_PREFIX, type IdempotencyEvents, type IdempotencyObserver } from '../../../lib/idempotency/events.js';
import type { Claim, Completion, IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { IdempotentRunner, type IdempotentRunnerOptions } from '../../../lib/idempotency/runner.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const REQUEST = { scope: 'g/h', key: 'k' };

let clock: VirtualClock;
let store: MemoryIdempotencyStore;
let events: string[];
beforeEach(() => {
  clock = new VirtualClock();
  store = new MemoryIdempotencyStore({ clock });
  events = [];
});

const NAMES: readonly (keyof IdempotencyEvents)[] = ['duplicate', 'inProgress', 'mismatch', 'takeover', 'completed', 'released', 'leaseLost', 'staleComplete', 'releaseFailed'];

function observer(): IdempotencyObserver {
  return Object.fromEntries(NAMES.map((name) => [name, () => events.push(name)]));
}

function runner(change: Partial<IdempotentRunnerOptions> = {}): IdempotentRunner {
  return new IdempotentRunner({ store, clock, leaseMs: 3000, observer: observer(), ...change });
}

/** The store with some verbs replaced. */
function withVerbs(verbs: Partial<IdempotencyStore>): IdempotencyStore {
  const bound: Partial<IdempotencyStore> = { claim: (request) => store.claim(request), complete: (claim, completion) => store.complete(claim, completion), release: (claim, reason) => store.release(claim, reason), renew: (claim, leaseMs) => store.renew(claim, leaseMs) };
  return Object.assign(Object.create(store) as IdempotencyStore, bound, verbs);
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function failingCompletions(times: number, retryable: boolean, effective: boolean): IdempotencyStore {
  let left = times;
  return withVerbs({
    complete: async (claim: Claim, completion?: Completion) => {
      if (left-- <= 0) return store.complete(claim, completion);
      if (effective) await store.complete(claim, completion);
      throw new IdempotencyStoreError('down', { retryable });
    },
  });
}

describe('IdempotentRunner', () => {
  it('runs once and gives duplicates the result', async () => {
    let calls = 0;
    const handler = async (): Promise<{ id: number }> => ({ id: ++calls });
    const first = await runner().run(REQUEST, handler);
    expect(first).toEqual({ status: 'executed', replayed: false, result: { id: 1 }, attempt: 1, takenOver: false });
    expect(await runner().run(REQUEST, handler)).toEqual({ status: 'replayed', replayed: true, result: { id: 1 }, completedAtMs: clock.now() });
    expect(calls).toBe(1);
    expect(events).toEqual(['completed', 'duplicate']);
  });

  it('keeps one runner from running a key twice at once', async () => {
    const { opened, open } = gate();
    const one = runner();
    const first = one.run(REQUEST, () => opened);
    const error = await one.run(REQUEST, () => opened).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InProgressElsewhereError);
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 3000, details: REQUEST });
    open();
    await first;
    expect(events).toEqual(['inProgress', 'completed']);
  });

  it('frees the key when the handler throws, and passes its error on as it is', async () => {
    const failure = new TypeError('no stock');
    await expect(runner().run(REQUEST, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await store.find(REQUEST.scope, REQUEST.key)).toMatchObject({ state: 'released', reason: 'TypeError: no stock' });
    await expect(
      runner().run(REQUEST, () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await runner().run(REQUEST, () => 1)).toMatchObject({ attempt: 3, takenOver: false });
  });

  it('refuses another payload for the key without calling the handler', async () => {
    await runner().run({ ...REQUEST, fingerprint: 'a' }, () => 1);
    await expect(runner().run({ ...REQUEST, fingerprint: 'b' }, () => expect.unreachable())).rejects.toThrow(FingerprintMismatchError);
    expect(events).toEqual(['completed', 'mismatch']);
  });

  it('publishes to diagnostics channels', async () => {
    const seen: unknown[] = [];
    const listener = (message: unknown): void => void seen.push(message);
    subscribe(`${IDEMPOTENCY_CHANNEL_PREFIX}duplicate`, listener);
    await runner({ owner: 'me' }).run(REQUEST, () => 1);
    await runner({ owner: 'me' }).run(REQUEST, () => 1);
    unsubscribe(`${IDEMPOTENCY_CHANNEL_PREFIX}duplicate`, listener);
    expect(seen).toEqual([{ ...REQUEST, owner: expect.stringMatching(/^me:/), completedAtMs: clock.now() }]);
  });

  it('uses retention and store of the request', async () => {
    const other = new MemoryIdempotencyStore({ clock });
    await runner().run({ ...REQUEST, store: other, retentionMs: 50 }, () => 1);
    expect(await store.find(REQUEST.scope, REQUEST.key)).toBeUndefined();
    expect(await other.find(REQUEST.scope, REQUEST.key)).toMatchObject({ expiresAtMs: clock.now() + 50 });
  });
});

describe('results', () => {
  it.each([undefined, null, 0, '', false, [1, { a: null }], Uint8Array.from([0, 255])])('come back as they were: %j', async (result) => {
    await runner().run(REQUEST, () => result);
    expect(await runner().run(REQUEST, () => 'again')).toMatchObject({ replayed: true, result });
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  it.each([['bigint', 1n], ['function', () => 1], ['cycle', cycle], ['NaN', { a: [Number.NaN] }], ['map', new Map()], ['too large', 'x'.repeat(2000)]])(
    'that cannot be recorded are an error, yet the work is done and not repeated: %s',
    async (_name, result) => {
      await expect(runner({ resultBytesMax: 1000 }).run(REQUEST, () => result)).rejects.toThrow(ResultNotRecordableError);
      expect(await runner().run(REQUEST, () => expect.unreachable())).toMatchObject({ replayed: true, result: undefined });
    },
  );

  it('are not recorded when told so, whatever they are', async () => {
    expect(await runner({ recordResult: false }).run(REQUEST, () => 1n)).toMatchObject({ result: 1n });
    expect(await runner().run(REQUEST, () => 2)).toMatchObject({ replayed: true, result: undefined });
  });
});

describe('leases', () => {
  it('are renewed while the handler runs, so nobody takes over', async () => {
    const { opened, open } = gate();
    const running = runner().run(REQUEST, async ({ signal }) => {
      await opened;
      return signal.aborted;
    });
    await clock.advanceAsync(60_000, 500);
    await expect(runner().run(REQUEST, () => 2)).rejects.toThrow(InProgressElsewhereError);
    open();
    expect(await running).toMatchObject({ status: 'executed', result: false });
    expect(clock.pendingTimers).toBe(0);
  });

  it('that are lost abort the handler, whose completion is refused; the new holder has the result', async () => {
    const { opened, open } = gate();
    const signals: AbortSignal[] = [];
    const running = runner().run(REQUEST, async ({ signal }) => {
      signals.push(signal);
      await opened;
      return 'stale';
    });
    await new Promise((resolve) => setImmediate(resolve));
    // An operator forgets the key, and another does the work.
    await store.forget(REQUEST.scope, REQUEST.key);
    expect(await runner().run(REQUEST, () => 'fresh')).toMatchObject({ result: 'fresh' });
    await clock.advanceAsync(1000);
    expect(signals[0].aborted).toBe(true);
    expect(signals[0].reason).toBeInstanceOf(StaleClaimError);
    open();
    await expect(running).rejects.toThrow(StaleClaimError);
    expect(await runner().run(REQUEST, () => 'no')).toMatchObject({ result: 'fresh' });
    expect(events).toEqual(['completed', 'leaseLost', 'staleComplete', 'duplicate']);
  });

  it.each(['fails', 'hangs'] as const)('count as lost when renewing %s for a whole lease, not before', async (how) => {
    const { opened, open } = gate();
    const broken = withVerbs({ renew: () => (how === 'hangs' ? new Promise<Claim>(() => undefined) : Promise.reject(new IdempotencyStoreError('down', { retryable: true }))) });
    const signals: AbortSignal[] = [];
    const running = runner({ store: broken }).run(REQUEST, async ({ signal }) => {
      signals.push(signal);
      await opened;
    });
    await clock.advanceAsync(2900, 100);
    expect(signals[0].aborted).toBe(false);
    await clock.advanceAsync(200, 100);
    expect(signals[0].aborted).toBe(true);
    open();
    // Nobody had taken over, so the completion is good after all.
    await running;
    expect(events).toEqual(['leaseLost', 'completed']);
  });

  it('survive a renewal that fails once', async () => {
    const { opened, open } = gate();
    let failures = 1;
    const flaky = withVerbs({ renew: (claim, leaseMs) => (failures-- > 0 ? Promise.reject(new Error('blip')) : store.renew(claim, leaseMs)) });
    const running = runner({ store: flaky }).run(REQUEST, ({ signal }) => opened.then(() => signal.aborted));
    await clock.advanceAsync(30_000, 500);
    open();
    expect(await running).toMatchObject({ result: false });
  });

  it('that were long in coming are renewed before the handler starts', async () => {
    const slow = withVerbs({
      claim: async (request) => {
        const answer = await store.claim(request);
        clock.advance(2990);
        return answer;
      },
    });
    const outcome = await runner({ store: slow }).run(REQUEST, ({ claim, signal }) => ({ aborted: signal.aborted, owner: claim.owner.length > 0 }));
    expect(outcome.result).toEqual({ aborted: false, owner: true });
    const taken = withVerbs({
      claim: async (request) => {
        const answer = await store.claim(request);
        clock.advance(4000);
        await store.claim({ ...request, owner: 'faster' });
        return answer;
      },
    });
    await expect(runner({ store: taken }).run({ ...REQUEST, key: 'other' }, () => expect.unreachable())).rejects.toThrow(InProgressElsewhereError);
  });

  it('taken over from a dead holder are told', async () => {
    await store.claim({ ...REQUEST, owner: 'dead', leaseMs: 10 });
    clock.advance(10);
    expect(await runner().run(REQUEST, () => 1)).toMatchObject({ takenOver: true, attempt: 2 });
    expect(events).toEqual(['takeover', 'completed']);
  });
});

describe('completions', () => {
  it.each([false, true])('are tried again after a passing failure (answer lost: %s)', async (effective) => {
    const running = runner({ store: failingCompletions(2, true, effective) }).run(REQUEST, () => 'x');
    await clock.advanceAsync(1000, 50);
    expect(await running).toMatchObject({ result: 'x' });
    expect(await runner().run(REQUEST, () => 'y')).toMatchObject({ replayed: true, result: 'x' });
  });

  it('are given up after three, or at once when it cannot pass; the key stays blocked until its lease ends', async () => {
    const running = runner({ store: failingCompletions(9, true, false) }).run(REQUEST, () => 'x');
    const outcome = expect(running).rejects.toThrow(IdempotencyStoreError);
    await clock.advanceAsync(1000, 50);
    await outcome;
    await expect(runner().run(REQUEST, () => 'y')).rejects.toThrow(InProgressElsewhereError);
    await expect(runner({ store: failingCompletions(1, false, false) }).run({ ...REQUEST, key: 'k2' }, () => 'x')).rejects.toThrow('down');
  });
});
