import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Delays in ms of levels 1, 2, … as `messageDelayLevel` lists them (`1s 5s 10s …`); index 0 is level 1.
 * @throws RocketMqError `CONFIG_INVALID`
 */
export function parseDelayLevels(text: string): readonly number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((item) => {
      const match = /^(\d+)([smhd])$/.exec(item);
      if (!match) {
        throw new RocketMqError('CONFIG_INVALID', `messageDelayLevel has "${item}"; levels are a number and one of s, m, h, d, separated by blanks, e.g. 1s 5s 10s`);
      }
      return Number(match[1]) * UNIT_MS[match[2]];
    });
}
