import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Claim, IdempotencyRecord, IdempotencyStore } from '../../../lib/idempotency/idempotency-store.js';
import { FileIdempotencyStore } from '../../../lib/idempotency/stores/file.store.js';
import { MemoryIdempotencyStore } from '../../../lib/idempotency/stores/memory.store.js';
import { FaultyFiles } from '../../support/idempotency/faulty-files.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const KEYS = ['a', 'b', 'c'];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), key: fc.constantFrom(...KEYS), leaseMs: fc.constantFrom(10, 1000, 100_000), fingerprint: fc.constantFrom(undefined, 'f', 'g') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('complete' as const), pick: fc.nat(), retentionMs: fc.constantFrom(10, 1000, 1_000_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const), pick: fc.nat(), leaseMs: fc.constantFrom(10, 5000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), key: fc.constantFrom(...KEYS) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 10, 1000, 90_000_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('purge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen' as const), properly: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disk-full' as const), key: fc.constantFrom(...KEYS), bytes: fc.nat(150) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Tokens differ between stores; everything else must not. */
function comparable(record: IdempotencyRecord | undefined): unknown {
  return record && { ...record, token: undefined };
}

/** The result, or the error's code. */
function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: { code: unknown }) => error.code);
}

/** The file store and a memory store through the same steps. */
class Twins {
  readonly clock = new VirtualClock();
  readonly files = new FaultyFiles();
  readonly memory = new MemoryIdempotencyStore({ clock: this.clock });
  readonly claims: { file: Claim; memory: Claim }[] = [];
  #file: FileIdempotencyStore | undefined;

  constructor(private readonly path: string) {}

  get file(): FileIdempotencyStore {
    if (!this.#file) throw new Error('not open');
    return this.#file;
  }

  async open(): Promise<void> {
    this.#file = await FileIdempotencyStore.open({ path: this.path, clock: this.clock, fileSystem: this.files, lock: () => ({ release: () => undefined }) });
  }

  async take(action: Step): Promise<void> {
    switch (action.do) {
      case 'wait':
        return this.clock.advance(action.ms);
      case 'purge':
        await this.file.purgeExpired();
        return void (await this.memory.purgeExpired());
      case 'compact':
        return this.file.compact();
      case 'reopen':
        if (action.properly) await this.file.close();
        return this.open();
      case 'disk-full':
        this.files.failWritesAfterBytes.push(action.bytes);
        await this.file.claim({ scope: 's', key: action.key, owner: 'unlucky' }).then(
          (answer) => expect(answer.state).not.toBe('acquired'),
          (error: unknown) => expect(error).toMatchObject({ code: 'IDEMPOTENCY_STORE_FAILED' }),
        );
        return void this.files.failWritesAfterBytes.splice(0);
      case 'forget':
        expect(await this.file.forget('s', action.key)).toBe(await this.memory.forget('s', action.key));
        return;
      case 'claim':
        return this.#claim(action);
      default:
        return this.#settle(action);
    }
  }

  async #claim(action: Extract<Step, { do: 'claim' }>): Promise<void> {
    const request = { scope: 's', key: action.key, owner: `o${this.claims.length}`, leaseMs: action.leaseMs, fingerprint: action.fingerprint };
    const [file, memory] = [await this.file.claim(request), await this.memory.claim(request)];
    if (file.state === 'acquired' && memory.state === 'acquired') {
      expect({ ...file, claim: { ...file.claim, token: 0 } }).toEqual({ ...memory, claim: { ...memory.claim, token: 0 } });
      this.claims.push({ file: file.claim, memory: memory.claim });
    } else {
      expect(file).toEqual(memory);
    }
  }

  async #settle(action: Extract<Step, { do: 'complete' | 'release' | 'renew' }>): Promise<void> {
    const held = this.claims[action.pick % this.claims.length];
    if (!held) return;
    const call = async (store: IdempotencyStore, claim: Claim): Promise<unknown> => {
      if (action.do === 'complete') return store.complete(claim, { retentionMs: action.retentionMs, result: { kind: 'json', value: claim.owner } });
      return action.do === 'release' ? store.release(claim, 'why') : (await store.renew(claim, action.leaseMs)).leaseExpiresAtMs;
    };
    expect(await outcome(call(this.file, held.file))).toEqual(await outcome(call(this.memory, held.memory)));
  }

  async compare(): Promise<void> {
    for (const key of KEYS) expect(comparable(await this.file.find('s', key))).toEqual(comparable(await this.memory.find('s', key)));
  }
}

describe('FileIdempotencyStore', () => {
  it('behaves as the memory store through restarts, kills, compactions and full disks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const directory = mkdtempSync(join(tmpdir(), 'file-model-'));
        const twins = new Twins(join(directory, 'keys'));
        await twins.open();
        try {
          for (const action of steps) {
            await twins.take(action);
            await twins.compare();
          }
        } finally {
          await twins.file.close();
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: 150 },
    );
  });
});
