import type { Clock } from '../../runtime/clock.js';

/** From a latency on, ms, a broker is avoided for so long, ms. Apache: MQFaultStrategy.java. */
const PENALTIES: readonly { readonly latencyMs: number; readonly avoidMs: number }[] = [
  { latencyMs: 15_000, avoidMs: 30_000 },
  { latencyMs: 5_000, avoidMs: 10_000 },
  { latencyMs: 3_000, avoidMs: 6_000 },
  { latencyMs: 1_800, avoidMs: 5_000 },
  { latencyMs: 550, avoidMs: 2_000 },
];
/** A failed send counts as one that took this long, ms. */
const FAILURE_LATENCY_MS = 10_000;

/** Remembers brokers that were slow or failed, so that sends go elsewhere for a while. */
export class FaultTracker {
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #avoidUntil = new Map<string, number>();

  /** @param enabled when false, nothing is remembered and every broker is available */
  constructor(clock: Clock, enabled: boolean) {
    this.#clock = clock;
    this.#enabled = enabled;
  }

  succeeded(brokerName: string, latencyMs: number): void {
    if (this.#enabled) this.#update(brokerName, latencyMs);
  }

  failed(brokerName: string): void {
    if (this.#enabled) this.#update(brokerName, FAILURE_LATENCY_MS);
  }

  isAvailable(brokerName: string): boolean {
    const until = this.#avoidUntil.get(brokerName);
    if (until === undefined) return true;
    if (until > this.#clock.monotonic()) return false;
    this.#avoidUntil.delete(brokerName);
    return true;
  }

  #update(brokerName: string, latencyMs: number): void {
    const penalty = PENALTIES.find((candidate) => latencyMs >= candidate.latencyMs);
    if (penalty === undefined) this.#avoidUntil.delete(brokerName);
    else this.#avoidUntil.set(brokerName, this.#clock.monotonic() + penalty.avoidMs);
  }
}
