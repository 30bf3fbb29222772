import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import { RollingCounter, TICK_MS } from './rolling-counter.js';

/** Messages in and out since the start of the process. */
export interface TrafficTotals {
  readonly messagesIn: number;
  readonly bytesIn: number;
  readonly messagesOut: number;
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

/** Counts messages by topic and by group, for the tools that show rates. Apache: BrokerStatsManager.java, BrokerStats.java. */
export class TrafficMeter {
  readonly #byTopic = new Map<string, RollingCounter>();
  readonly #byGroup = new Map<string, Map<string, RollingCounter>>();
  readonly #in: RollingCounter;
  readonly #out: RollingCounter;
  #thisMorning: Morning = { in: 0, out: 0 };
  #yesterdayMorning: Morning = { in: 0, out: 0 };
  #today: string;
  #timer: TimerHandle | undefined;

  constructor(private readonly clock: Clock) {
    this.#in = new RollingCounter(clock.monotonic());
    this.#out = new RollingCounter(clock.monotonic());
    this.#today = this.#dayNow();
  }

  /** Begins to measure rates. */
  start(): void {
    this.#timer = this.clock.repeat(TICK_MS, () => this.#tick());
  }

  /** Ends measuring. */
  close(): void {
    this.#timer?.cancel();
  }

  /** Counts stored messages. */
  stored(topic: string, messages: number, bytes: number): void {
    this.#counterIn(this.#byTopic, topic).add(messages, bytes);
    this.#in.add(messages, bytes);
  }

  /** Counts messages given to a group. */
  delivered(group: string, topic: string, messages: number, bytes: number): void {
    let topics = this.#byGroup.get(group);
    if (topics === undefined) this.#byGroup.set(group, (topics = new Map()));
    this.#counterIn(topics, topic).add(messages, bytes);
    this.#out.add(messages, bytes);
  }

  /** What went into the whole broker, or into one topic; `undefined` when nothing has for a day. */
  into(topic?: string): RollingCounter | undefined {
    return topic === undefined ? this.#in : this.#byTopic.get(topic);
  }

  /** What went out of the whole broker, or from a topic to a group; `undefined` when nothing has for a day. */
  outOf(topic?: string, group = ''): RollingCounter | undefined {
    return topic === undefined ? this.#out : this.#byGroup.get(group)?.get(topic);
  }

  /** Messages per second into a topic. */
  rateInto(topic: string): number {
    return this.into(topic)?.growth('messages', 'minute', this.clock.monotonic()).tps ?? 0;
  }

  /** Messages per second from a topic to a group. */
  rateTo(group: string, topic: string): number {
    return this.outOf(topic, group)?.growth('messages', 'minute', this.clock.monotonic()).tps ?? 0;
  }

  /** Figures of the whole broker. */
  totals(): TrafficTotals {
    const now = this.clock.monotonic();
    return {
      messagesIn: this.#in.messages,
      bytesIn: this.#in.bytes,
      messagesOut: this.#out.messages,
      rateIn: this.#in.growth('messages', 'minute', now).tps,
      rateOut: this.#out.growth('messages', 'minute', now).tps,
      messagesInThisMorning: this.#thisMorning.in,
      messagesInYesterdayMorning: this.#yesterdayMorning.in,
      messagesOutThisMorning: this.#thisMorning.out,
      messagesOutYesterdayMorning: this.#yesterdayMorning.out,
    };
  }

  #counterIn(counters: Map<string, RollingCounter>, topic: string): RollingCounter {
    let counter = counters.get(topic);
    if (counter === undefined) counters.set(topic, (counter = new RollingCounter(this.clock.monotonic())));
    return counter;
  }

  #dayNow(): string {
    return new Date(this.clock.now()).toDateString();
  }

  #tick(): void {
    const now = this.clock.monotonic();
    this.#in.tick(now);
    this.#out.tick(now);
    tickOrForget(this.#byTopic, now);
    for (const [group, topics] of this.#byGroup) {
      tickOrForget(topics, now);
      if (topics.size === 0) this.#byGroup.delete(group);
    }
    const day = this.#dayNow();
    if (day === this.#today) return;
    this.#today = day;
    this.#yesterdayMorning = this.#thisMorning;
    this.#thisMorning = { in: this.#in.messages, out: this.#out.messages };
  }
}

/** Counters without traffic go, so that their number is bounded by what is in use. */
function tickOrForget(counters: Map<string, RollingCounter>, now: number): void {
  for (const [name, counter] of counters) {
    counter.tick(now);
    if (counter.isIdle) counters.delete(name);
  }
}
