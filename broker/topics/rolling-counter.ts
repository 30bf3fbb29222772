/** What a {@link RollingCounter} counts. */
export type Measure = 'messages' | 'bytes';

/** Growth over a span of time. */
export interface Growth {
  readonly sum: number;
  /** Per second. */
  readonly tps: number;
  /** Per call. */
  readonly avgpt: number;
}

interface Snapshot {
  readonly messages: number;
  readonly bytes: number;
  readonly calls: number;
  readonly at: number;
}

/** Period of {@link RollingCounter.tick}, ms. */
export const TICK_MS = 10_000;
/** Ticks between the snapshots of a span, and how many of them make it: a minute, an hour, a day. Apache: StatsItem.java. */
const SPANS = { minute: { every: 1, count: 6 }, hour: { every: 60, count: 6 }, day: { every: 360, count: 24 } } as const;

/** A span the growth is asked for. */
export type Span = keyof typeof SPANS;

/** Counts messages and bytes, and remembers enough to tell their growth over the last minute, hour and day. */
export class RollingCounter {
  messages = 0;
  bytes = 0;
  #calls = 0;
  #ticks = 0;
  readonly #snapshots: Record<Span, Snapshot[]>;

  /** @param now monotonic time, ms */
  constructor(now: number) {
    const start: Snapshot = { messages: 0, bytes: 0, calls: 0, at: now };
    this.#snapshots = { minute: [start], hour: [start], day: [start] };
  }

  /** Counts one call that moved some messages. */
  add(messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
    this.#calls += 1;
  }

  /** To be called every {@link TICK_MS}. */
  tick(now: number): void {
    this.#ticks += 1;
    const snapshot: Snapshot = { messages: this.messages, bytes: this.bytes, calls: this.#calls, at: now };
    for (const [span, { every, count }] of Object.entries(SPANS)) {
      if (this.#ticks % every !== 0) continue;
      const snapshots = this.#snapshots[span as Span];
      snapshots.push(snapshot);
      if (snapshots.length > count + 1) snapshots.shift();
    }
  }

  /** Growth over a span, or since the first count when that is shorter. */
  growth(measure: Measure, span: Span, now: number): Growth {
    const first = this.#snapshots[span][0];
    const sum = this[measure] - first[measure];
    const periodMs = now - first.at;
    const calls = this.#calls - first.calls;
    return { sum, tps: periodMs < 1_000 ? 0 : (sum * 1_000) / periodMs, avgpt: calls === 0 ? 0 : sum / calls };
  }

  /** Whether nothing was counted for a day. */
  get isIdle(): boolean {
    const [first] = this.#snapshots.day;
    return this.#snapshots.day.length > SPANS.day.count && first.calls === this.#calls;
  }
}
