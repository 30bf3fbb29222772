import type { VirtualClock } from './virtual-clock.js';

/** Resolves when promises and in-memory sockets have nothing left to do. */
export async function settled(rounds = 25): Promise<void> {
  for (let i = 0; i < rounds; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Moves time on in small steps, letting everything that became ready run after each. */
export async function advance(clock: VirtualClock, ms: number, stepMs = Math.max(1, Math.min(50, ms))): Promise<void> {
  await settled();
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(stepMs, left));
    await settled(8);
  }
  await settled();
}
