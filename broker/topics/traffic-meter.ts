import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';

const SAMPLE_PERIOD_MS = 10_000;
/** Samples that make one minute. */
const WINDOW = 6;

/** A count that only grows, and how fast it grew during the last minute. */
class Counter {
  total = 0;
  readonly #samples: number[] = [0];

  sample(): void {
    this.#samples.push(this.total);
    if (this.#samples.length > WINDOW + 1) this.#samples.shift();
  }

  /** Per second, over the last minute or the time since the first count. */
  rate(sinceLastSampleMs: number): number {
    const periodMs = (this.#samples.length - 1) * SAMPLE_PERIOD_MS + sinceLastSampleMs;
    return periodMs < 1_000 ? 0 : ((this.total - this.#samples[0]) * 1_000) / periodMs;
  }

  /** Whether nothing was counted during the window. */
  get isIdle(): boolean {
    return this.#samples.length > WINDOW && this.#samples[0] === this.total;
  }
}

/** Messages in and out since the start of the process. */
export interface TrafficTotals {
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly messagesOut: number;
  readonly bytesOut: number;
  /** Messages in per second during the last minute. */
  readonly rateIn: number;
  /** Messages out per second during the last minute. */
  readonly rateOut: number;
  /** {@link messagesIn} when the day began (local time), and when the day before began. */
  readonly messagesInThisMorning: number;
  readonly messagesInYesterdayMorning: number;
  /** {@link messagesOut} when the day began, and when the day before began. */
  readonly messagesOutThisMorning: number;
  readonly messagesOutYesterdayMorning: number;
}

/** Totals at the beginning of a day. */
interface Morning {
  readonly in: number;
  readonly out: number;
}

/** Counts messages by topic and by group, for the tools that show rates. Apache: BrokerStatsManager.java. */
export class TrafficMeter {
  readonly #byTopic = new Map<string, Counter>();
  readonly #byGroup = new Map<string, Map<string, Counter>>();
  readonly #in = new Counter();
  readonly #out = new Counter();
  #bytesIn = 0;
  #bytesOut = 0;
  #thisMorning: Morning = { in: 0, out: 0 };
  #yesterdayMorning: Morning = { in: 0, out: 0 };
  #today: string;
  #sampledAt: number;
  #timer: TimerHandle | undefined;

  constructor(private readonly clock: Clock) {
    this.#sampledAt = clock.monotonic();
    this.#today = this.#dayNow();
  }

  /** Begins to measure rates. */
  start(): void {
    this.#timer = this.clock.repeat(SAMPLE_PERIOD_MS, () => this.#sample());
  }

  /** Ends measuring. */
  close(): void {
    this.#timer?.cancel();
  }

  /** Counts stored messages. */
  stored(topic: string, messages: number, bytes: number): void {
    let counter = this.#byTopic.get(topic);
    if (counter === undefined) this.#byTopic.set(topic, (counter = new Counter()));
    counter.total += messages;
    this.#in.total += messages;
    this.#bytesIn += bytes;
  }

  /** Counts messages given to a group. */
  delivered(group: string, topic: string, messages: number, bytes: number): void {
    let topics = this.#byGroup.get(group);
    if (topics === undefined) this.#byGroup.set(group, (topics = new Map()));
    let counter = topics.get(topic);
    if (counter === undefined) topics.set(topic, (counter = new Counter()));
    counter.total += messages;
    this.#out.total += messages;
    this.#bytesOut += bytes;
  }

  /** Messages per second into a topic. */
  rateInto(topic: string): number {
    return this.#byTopic.get(topic)?.rate(this.#sinceSample()) ?? 0;
  }

  /** Messages per second from a topic to a group. */
  rateTo(group: string, topic: string): number {
    return this.#byGroup.get(group)?.get(topic)?.rate(this.#sinceSample()) ?? 0;
  }

  /** Figures of the whole broker. */
  totals(): TrafficTotals {
    return {
      messagesIn: this.#in.total,
      bytesIn: this.#bytesIn,
      messagesOut: this.#out.total,
      bytesOut: this.#bytesOut,
      rateIn: this.#in.rate(this.#sinceSample()),
      rateOut: this.#out.rate(this.#sinceSample()),
      messagesInThisMorning: this.#thisMorning.in,
      messagesInYesterdayMorning: this.#yesterdayMorning.in,
      messagesOutThisMorning: this.#thisMorning.out,
      messagesOutYesterdayMorning: this.#yesterdayMorning.out,
    };
  }

  #dayNow(): string {
    return new Date(this.clock.now()).toDateString();
  }

  #sinceSample(): number {
    return this.clock.monotonic() - this.#sampledAt;
  }

  #sample(): void {
    this.#sampledAt = this.clock.monotonic();
    this.#in.sample();
    this.#out.sample();
    const day = this.#dayNow();
    if (day !== this.#today) {
      this.#today = day;
      this.#yesterdayMorning = this.#thisMorning;
      this.#thisMorning = { in: this.#in.total, out: this.#out.total };
    }
    sampleOrForget(this.#byTopic);
    for (const [group, topics] of this.#byGroup) {
      sampleOrForget(topics);
      if (topics.size === 0) this.#byGroup.delete(group);
    }
  }
}

/** Counters of topics without traffic go, so that their number is bounded by what is in use. */
function sampleOrForget(counters: Map<string, Counter>): void {
  for (const [name, counter] of counters) {
    counter.sample();
    if (counter.isIdle) counters.delete(name);
  }
}
