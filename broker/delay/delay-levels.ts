import { RocketMqError } from '../../lib/errors/rocketmq-error.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Apache's levels. */
export const DEFAULT_DELAY_LEVELS = '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h';

/** The delays a message can ask for by number, 1 being the first. Apache: ScheduleMessageService.java. */
export class DelayLevels {
  readonly #delaysMs: readonly number[];

  /**
   * @param text value of `messageDelayLevel`: numbers with a unit (s, m, h, d), separated by spaces
   * @throws RocketMqError `CONFIG_INVALID`
   */
  constructor(text: string = DEFAULT_DELAY_LEVELS) {
    this.#delaysMs = text.trim().split(/\s+/).map(parseDelay);
  }

  /** Highest level; higher numbers mean this one. */
  get highest(): number {
    return this.#delaysMs.length;
  }

  /** All levels, ascending. */
  levels(): number[] {
    return this.#delaysMs.map((_, index) => index + 1);
  }

  /** Delay of a level from 1 to {@link highest}, ms. */
  delayMs(level: number): number {
    return this.#delaysMs[level - 1];
  }

  /** A level as a message asks for it, cut down to the highest. */
  clamp(level: number): number {
    return Math.min(level, this.highest);
  }
}

/** Queue of the schedule topic that holds a level's messages. */
export function queueOfDelayLevel(level: number): number {
  return level - 1;
}

function parseDelay(text: string): number {
  const match = /^(\d+)([smhd])$/.exec(text);
  const ms = match === null ? Number.NaN : Number(match[1]) * UNIT_MS[match[2]];
  if (Number.isSafeInteger(ms)) return ms;
  throw new RocketMqError('CONFIG_INVALID', `messageDelayLevel contains "${text}"; each level is a number with the unit s, m, h or d, e.g. "30s"`, {
    details: { key: 'messageDelayLevel', value: text },
  });
}
