/**
 * Puts work at the end of the current turn of the event loop, after every event that is already there has been
 * handled. This is how many appends become one write, and many replies one `writev`.
 */
export interface TurnScheduler {
  /** Calls `callback` once, after the input events of this turn; callbacks run in the order they were given. */
  atTurnEnd(callback: () => void): void;
}

/** The event loop's own check phase (`setImmediate`): runs right after polling for input, before any timer. */
export class ImmediateTurnScheduler implements TurnScheduler {
  atTurnEnd(callback: () => void): void {
    setImmediate(callback);
  }
}
