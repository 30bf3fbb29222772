import type { Checkpoint } from './checkpoint.js';
import { minTimestamp } from './checkpoint.js';
import type { ScanEnd } from './log-scanner.js';

/*
 * What to do at start, as pure functions of what is found:
 *
 *   facts ── planRecovery ──> where the log ends, or where to scan from and which queue entries to drop first
 *   end of the scan ── judgeEnd ──> where the log ends, or why the store must not start
 */

/** What is known before the log is read. */
export interface RecoveryFacts {
  /** No abort file: the last user of the directory stopped in order. */
  readonly cleanStop: boolean;
  readonly checkpoint: Checkpoint;
  /** Offsets that the files of the commit log cover; both 0 without files. */
  readonly logStart: number;
  readonly logLimit: number;
  /** Per file, oldest first: its start, and the store time of its first record (0 without one). */
  readonly files: ReadonlyArray<{ readonly start: number; readonly firstStoreTime: number }>;
  /** Behind the newest record that a queue lists; 0 without queues. Asked for only when it matters: all queues are looked at. */
  readonly queuesEnd: () => number;
  /** Consume queues found. */
  readonly queueCount: number;
}

/** What to do. */
export type RecoveryPlan =
  | { /** Nothing to scan: the log ends here. */ readonly kind: 'trust'; readonly end: number }
  | {
      readonly kind: 'scan';
      /** Offset of a record. */
      readonly from: number;
      /** Queue entries of records from here on are dropped first; the scan makes them anew. */
      readonly dropEntriesFrom: number;
      readonly reason: string;
    };

/** Decides how to find the end of the log, and which consume-queue entries can be trusted. */
export function planRecovery(facts: RecoveryFacts): RecoveryPlan {
  const { checkpoint, logStart, logLimit } = facts;
  if (facts.files.length === 0) return { kind: 'scan', from: 0, dropEntriesFrom: 0, reason: 'there is no commit log' };
  const exact = checkpoint.exact && isWithin(checkpoint.exact.safeOffset, logStart, logLimit) ? checkpoint.exact : undefined;
  const queuesMissing = exact ? facts.queueCount < exact.queueCount : facts.queuesEnd() === 0;
  if (queuesMissing) return { kind: 'scan', from: logStart, dropEntriesFrom: logStart, reason: 'consume queues are missing and are rebuilt from the log' };
  if (facts.cleanStop) {
    if (exact && isWithin(exact.endOffset, logStart, logLimit)) return { kind: 'trust', end: exact.endOffset };
    const queuesEnd = facts.queuesEnd();
    const from = isWithin(queuesEnd, logStart, logLimit) ? queuesEnd : logStart;
    return { kind: 'scan', from, dropEntriesFrom: from, reason: 'another broker stopped here in order; only the end of the log is looked for' };
  }
  if (exact) return { kind: 'scan', from: exact.safeOffset, dropEntriesFrom: exact.safeOffset, reason: 'the last stop was none; from the checkpoint' };
  const from = fileByTime(facts);
  return { kind: 'scan', from, dropEntriesFrom: from, reason: "the last stop was none; from the file of the checkpoint's time" };
}

/** Newest file whose first record was certainly listed in its queue; else the oldest. Apache: CommitLog.java, isMappedFileMatchedRecover */
function fileByTime(facts: RecoveryFacts): number {
  const limit = minTimestamp(facts.checkpoint);
  for (let index = facts.files.length - 1; index >= 0; index--) {
    const { start, firstStoreTime } = facts.files[index];
    if (firstStoreTime !== 0 && firstStoreTime <= limit) return start;
  }
  return facts.logStart;
}

const isWithin = (offset: number, start: number, end: number): boolean => offset >= start && offset <= end;

/** What is known when a scan has ended. */
export interface EndFacts {
  readonly end: ScanEnd;
  /** A sound record behind the end, not older than the last one before it. */
  readonly recordBehind?: number;
  /** The commit log was certainly synced up to here. */
  readonly syncedOffset: number;
  /** What is at the end has the look of sectors that never reached the disk (runs of zeros). */
  readonly looksUnwritten: boolean;
  /** The operator wants to go on whatever was lost. */
  readonly goOn: boolean;
}

/** Where the log ends, or why the store must not start. */
export type EndVerdict =
  | { readonly kind: 'end'; readonly offset: number; readonly warning?: string }
  | { readonly kind: 'refuse'; readonly offset: number; readonly message: string };

/**
 * A log ends at its first unsound record. With nothing sound behind it that is the torn tail of a crash. With sound
 * records behind it, it is either a write that a lost machine completed only in part (it was never synced, so its bytes
 * are missing, not wrong), or damage to what was safe already; then nothing is thrown away unasked.
 */
export function judgeEnd(facts: EndFacts): EndVerdict {
  const { offset, finding } = facts.end;
  const nothingLost = finding === 'END_OF_FILES' || facts.recordBehind === undefined;
  if (nothingLost && offset >= facts.syncedOffset) return { kind: 'end', offset };
  const what = nothingLost
    ? `the commit log was synced up to ${facts.syncedOffset}, but its records end at ${offset} (${finding})`
    : `the record at commit-log offset ${offset} is damaged (${finding}), and there are sound records behind it, the first at ${facts.recordBehind}`;
  if (!nothingLost && offset >= facts.syncedOffset && facts.looksUnwritten) {
    return { kind: 'end', offset, warning: `${what}; it was never synced and its bytes are missing, so the log is cut there` };
  }
  if (facts.goOn) return { kind: 'end', offset, warning: `${what}; recoverDespiteCorruption is set, so the log is cut there` };
  return {
    kind: 'refuse',
    offset,
    message: `${what}; restore the file from a copy or a replica, or set recoverDespiteCorruption=true to drop everything from that offset on`,
  };
}
