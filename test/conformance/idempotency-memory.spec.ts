import { MemoryIdempotencyStore } from '../../lib/idempotency/stores/memory.store.js';
import { describeIdempotencyStore } from '../support/suites/idempotency-store.js';
import { VirtualClock } from '../support/virtual-clock.js';

describeIdempotencyStore('MemoryIdempotencyStore', async () => {
  const clock = new VirtualClock();
  const store = new MemoryIdempotencyStore({ clock });
  return { clock, store: () => store, second: () => store, dispose: () => store.close() };
});
