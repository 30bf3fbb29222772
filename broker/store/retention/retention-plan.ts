/** Options that decide on what goes; see `StoreOptions`. */
export interface RetentionOptions {
  /** Hours. */
  readonly fileReservedTime: number;
  readonly deleteWhen: string;
  readonly deleteFileBatchMax: number;
  /** Percent of the disk. */
  readonly diskMaxUsedSpaceRatio: number;
  readonly diskSpaceCleanForciblyRatio: number;
  readonly diskSpaceWarningLevelRatio: number;
  readonly cleanFileForciblyEnable: boolean;
}

/** What is looked at. */
export interface RetentionFacts {
  readonly nowMs: number;
  /** Used share of the disk that holds the commit log, 0 to 1, and of the one that holds the consume queues. */
  readonly logDiskUsed: number;
  readonly queueDiskUsed: number;
  /** Last changes of the files that may go, oldest file first; never the one that is written to. */
  readonly modifiedMs: readonly number[];
}

/** What to do. */
export interface RetentionPlan {
  /** How many of the oldest files go now. */
  readonly removeCount: number;
  /** The disk is so full that no message is taken. */
  readonly refuseWrites: boolean;
  readonly reason?: 'hour' | 'disk' | 'disk-forced';
}

const HOUR_MS = 3_600_000;

/** Decides which commit-log files go. Apache: DefaultMessageStore.java, CleanCommitLogService */
export function planRetention(facts: RetentionFacts, options: RetentionOptions): RetentionPlan {
  const used = Math.max(facts.logDiskUsed, facts.queueDiskUsed) * 100;
  const refuseWrites = used > options.diskSpaceWarningLevelRatio;
  const isForced = refuseWrites || used > options.diskSpaceCleanForciblyRatio;
  const isTight = isForced || used > options.diskMaxUsedSpaceRatio;
  if (!isTight && !isHourOf(facts.nowMs, options.deleteWhen)) return { removeCount: 0, refuseWrites };
  const ignoreAge = isForced && options.cleanFileForciblyEnable;
  const removeCount = countExpired(facts, options, ignoreAge);
  return { removeCount, refuseWrites, reason: isForced ? 'disk-forced' : isTight ? 'disk' : 'hour' };
}

/** From the oldest on, as long as they are old enough: never one in the middle. */
function countExpired(facts: RetentionFacts, options: RetentionOptions, ignoreAge: boolean): number {
  const most = Math.min(options.deleteFileBatchMax, facts.modifiedMs.length);
  const oldest = facts.modifiedMs.slice(0, most);
  const young = ignoreAge ? -1 : oldest.findIndex((modifiedMs) => facts.nowMs < modifiedMs + options.fileReservedTime * HOUR_MS);
  return young < 0 ? most : young;
}

/** Whether it is one of the hours, local time. Apache: UtilAll.java, isItTimeToDo */
function isHourOf(nowMs: number, hours: string): boolean {
  const hour = new Date(nowMs).getHours();
  return hours.split(';').some((text) => Number(text) === hour);
}
