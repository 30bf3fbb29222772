import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileIdempotencyStore } from '../../lib/idempotency/stores/file.store.js';
import { describeIdempotencyStore } from '../support/suites/idempotency-store.js';
import { VirtualClock } from '../support/virtual-clock.js';

for (const durability of ['process', 'machine'] as const) {
  describeIdempotencyStore(`FileIdempotencyStore (${durability})`, async () => {
    const clock = new VirtualClock();
    const directory = mkdtempSync(join(tmpdir(), 'idempotency-file-'));
    const path = join(directory, 'keys');
    // A killed process does not close: each life has its own lock, and the old store is left as it is.
    const open = (): Promise<FileIdempotencyStore> => FileIdempotencyStore.open({ path, durability, clock, lock: () => ({ release: () => undefined }) });
    const lives = [await open()];
    const current = (): FileIdempotencyStore => lives[lives.length - 1];
    return {
      clock,
      store: current,
      second: current,
      restart: async () => void lives.push(await open()),
      dispose: async () => {
        await current().close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  });
}
