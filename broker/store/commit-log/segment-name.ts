/*
 * Files of a sequence are named by the position of their first byte, in 20 decimal digits:
 *
 *   00000000000000000000   00000000001073741824   00000000002147483648   …
 *
 * Positions are far beyond 2^32, so all arithmetic on them is done on doubles (exact below 2^53), never by bits.
 */

const NAME = /^\d{20}$/;

/** Name of the file that starts at `offset`. */
export function segmentName(offset: number): string {
  return String(offset).padStart(20, '0');
}

/** Start offset a name stands for; `undefined` when it is not the name of a segment. */
export function segmentStart(name: string): number | undefined {
  if (!NAME.test(name)) return undefined;
  const offset = Number(name);
  return Number.isSafeInteger(offset) ? offset : undefined;
}

/** Start of the segment of length `size` that holds `offset`. */
export function segmentStartOf(offset: number, size: number): number {
  return offset - (offset % size);
}
