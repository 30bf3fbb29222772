/** Bits of a pull request's sysFlag. Apache: PullSysFlag.java. */
export const PULL_COMMIT_OFFSET_FLAG = 1;
/** The broker may hold the request until there is a message. */
export const PULL_SUSPEND_FLAG = 2;
/** The request carries its own subscription. */
export const PULL_SUBSCRIPTION_FLAG = 4;
export const PULL_CLASS_FILTER_FLAG = 8;
/** Sent by a lite pull consumer. */
export const PULL_LITE_FLAG = 16;

/** What a pull request says by its sysFlag. */
export interface PullFlags {
  /** `commitOffset` of the header is to be stored. */
  readonly commitOffset?: boolean;
  readonly suspend?: boolean;
  readonly subscription?: boolean;
  readonly classFilter?: boolean;
  readonly litePull?: boolean;
}

/** Combines the bits. */
export function buildPullSysFlag(flags: PullFlags): number {
  return (
    (flags.commitOffset ? PULL_COMMIT_OFFSET_FLAG : 0) |
    (flags.suspend ? PULL_SUSPEND_FLAG : 0) |
    (flags.subscription ? PULL_SUBSCRIPTION_FLAG : 0) |
    (flags.classFilter ? PULL_CLASS_FILTER_FLAG : 0) |
    (flags.litePull ? PULL_LITE_FLAG : 0)
  );
}

/** Whether the request's `commitOffset` is to be stored. */
export function hasCommitOffsetFlag(sysFlag: number): boolean {
  return (sysFlag & PULL_COMMIT_OFFSET_FLAG) !== 0;
}

/** Whether the request may be held. */
export function hasSuspendFlag(sysFlag: number): boolean {
  return (sysFlag & PULL_SUSPEND_FLAG) !== 0;
}

/** Whether the request carries its own subscription. */
export function hasSubscriptionFlag(sysFlag: number): boolean {
  return (sysFlag & PULL_SUBSCRIPTION_FLAG) !== 0;
}

export function hasClassFilterFlag(sysFlag: number): boolean {
  return (sysFlag & PULL_CLASS_FILTER_FLAG) !== 0;
}

export function hasLitePullFlag(sysFlag: number): boolean {
  return (sysFlag & PULL_LITE_FLAG) !== 0;
}
