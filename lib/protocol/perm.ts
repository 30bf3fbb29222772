/** Bits of a topic's or broker's permission. Apache: PermName.java. */
export const PERM_INHERIT = 1;
/** Messages may be sent. */
export const PERM_WRITE = 2;
/** Messages may be read. */
export const PERM_READ = 4;
/** Exclusive upper bound of a permission a user may set. */
const PERM_PRIORITY = 8;

/** Whether messages may be read. */
export function isReadable(perm: number): boolean {
  return (perm & PERM_READ) !== 0;
}

/** Whether messages may be sent. */
export function isWriteable(perm: number): boolean {
  return (perm & PERM_WRITE) !== 0;
}

/** Whether topics may be created after this one's pattern. */
export function isInherited(perm: number): boolean {
  return (perm & PERM_INHERIT) !== 0;
}

/** Whether `perm` is a permission that a user may set: 0 to 7. */
export function isValidPerm(perm: number): boolean {
  return Number.isInteger(perm) && perm >= 0 && perm < PERM_PRIORITY;
}

/** `RWX` with `-` for missing bits, as tools print it (X: inherit). */
export function permText(perm: number): string {
  return `${isReadable(perm) ? 'R' : '-'}${isWriteable(perm) ? 'W' : '-'}${isInherited(perm) ? 'X' : '-'}`;
}
