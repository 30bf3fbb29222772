const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Delays of levels 1 to 18 as a broker has them unless configured. Apache: MessageStoreConfig.java (messageDelayLevel). */
export const DEFAULT_DELAY_LEVELS_MS: readonly number[] = [
  ...[1, 5, 10, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 30, 60, 120].map((minutes) => minutes * MINUTE),
];

/** Level with the shortest delay that is not shorter than asked for; the longest when none is; 0 (the broker's growing delay) when nothing is asked. */
export function delayLevelFor(delayMs: number | undefined, levels: readonly number[] = DEFAULT_DELAY_LEVELS_MS): number {
  if (delayMs === undefined) return 0;
  const index = levels.findIndex((level) => level >= delayMs);
  return index < 0 ? levels.length : index + 1;
}
