import type { DataVersion } from '../../lib/protocol/body/data-version.js';
import type { Clock } from '../../lib/runtime/clock.js';

/** The version of a table: changes with every change of the table, so that peers can tell by equality. Apache: DataVersion.java. */
export class TableVersion {
  #current: DataVersion;

  constructor(private readonly clock: Clock) {
    this.#current = { counter: 0, stateVersion: 0, timestamp: clock.now() };
  }

  /** The present version; a new object after every change. */
  get current(): DataVersion {
    return this.#current;
  }

  /** Notes a change. */
  advance(): void {
    this.#current = { counter: this.#current.counter + 1, stateVersion: this.#current.stateVersion, timestamp: this.clock.now() };
  }

  /** Continues from a stored version. */
  restore(version: DataVersion | undefined): void {
    if (version !== undefined) this.#current = version;
  }
}

/** Whether two versions are the same. */
export function sameVersion(a: DataVersion, b: DataVersion): boolean {
  return a.counter === b.counter && a.timestamp === b.timestamp && a.stateVersion === b.stateVersion;
}
