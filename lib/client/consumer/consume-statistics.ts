import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { DispatchObserver } from './message-dispatcher.js';

/** Rates of one topic over the last minute. */
export interface ConsumeRates {
  /** Average time of a listener call, ms. */
  readonly consumeRT: number;
  /** Messages consumed per second. */
  readonly consumeOKTPS: number;
  readonly consumeFailedTPS: number;
  /** Messages that failed in the last hour. */
  readonly consumeFailedMsgs: number;
}

interface Counters {
  consumed: number;
  failed: number;
  calls: number;
  durationMs: number;
}

interface TopicCounters {
  now: Counters;
  /** Counters as they were, one sample per {@link SAMPLE_MS}, oldest first. */
  readonly samples: Counters[];
}

const SAMPLE_MS = 10_000;
const SAMPLES_PER_MINUTE = 6;
const SAMPLES_PER_HOUR = 360;

/** Counts listener calls per topic; sampled every ten seconds, so that a call costs four additions. */
export class ConsumeStatistics implements DispatchObserver {
  readonly #topics = new Map<string, TopicCounters>();
  readonly #sampler: TimerHandle;

  constructor(clock: Clock) {
    this.#sampler = clock.repeat(SAMPLE_MS, () => this.#sample());
  }

  consumed(topic: string, messages: number, durationMs: number, success: boolean): void {
    let counters = this.#topics.get(topic);
    if (counters === undefined) {
      counters = { now: { consumed: 0, failed: 0, calls: 0, durationMs: 0 }, samples: [] };
      this.#topics.set(topic, counters);
    }
    const { now } = counters;
    now.calls++;
    now.durationMs += durationMs;
    if (success) now.consumed += messages;
    else now.failed += messages;
  }

  rates(topic: string): ConsumeRates {
    const counters = this.#topics.get(topic);
    if (counters === undefined) return { consumeRT: 0, consumeOKTPS: 0, consumeFailedTPS: 0, consumeFailedMsgs: 0 };
    const { now, samples } = counters;
    const minuteAgo = samples.at(-SAMPLES_PER_MINUTE) ?? NOTHING;
    const hourAgo = samples.length >= SAMPLES_PER_HOUR ? samples[0] : NOTHING;
    const seconds = (Math.max(1, Math.min(samples.length, SAMPLES_PER_MINUTE)) * SAMPLE_MS) / 1_000;
    const calls = now.calls - minuteAgo.calls;
    return {
      consumeRT: calls === 0 ? 0 : (now.durationMs - minuteAgo.durationMs) / calls,
      consumeOKTPS: (now.consumed - minuteAgo.consumed) / seconds,
      consumeFailedTPS: (now.failed - minuteAgo.failed) / seconds,
      consumeFailedMsgs: now.failed - hourAgo.failed,
    };
  }

  close(): void {
    this.#sampler.cancel();
  }

  #sample(): void {
    for (const { now, samples } of this.#topics.values()) {
      samples.push({ ...now });
      if (samples.length > SAMPLES_PER_HOUR) samples.shift();
    }
  }
}

const NOTHING: Readonly<Counters> = { consumed: 0, failed: 0, calls: 0, durationMs: 0 };
