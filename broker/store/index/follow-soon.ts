import type { Clock, TimerHandle } from '../../../lib/runtime/clock.js';
import type { KeyIndex } from './key-index.js';

/** Time from a message's arrival to its being indexed, ms; many are indexed together. */
const DELAY_MS = 20;

/** Has the index follow the log a little later, as long as it is behind; costs nothing while no message comes. */
export class FollowSoon {
  /** Set once the index is open. */
  index: KeyIndex | undefined;
  #timer: TimerHandle | undefined;
  #stopped = false;

  constructor(private readonly clock: Clock) {}

  /** There are new messages. */
  soon(): void {
    if (this.#timer || this.#stopped) return;
    this.#timer = this.clock.schedule(DELAY_MS, () => {
      this.#timer = undefined;
      this.index?.follow();
      if (this.index?.isBehind) this.soon();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
