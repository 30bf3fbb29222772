import type { Clock } from '../../../lib/runtime/clock.js';
import type { FileSystem } from '../../../lib/runtime/file-system.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import type { AppendGate } from '../commit-log/append-gate.js';
import type { SegmentFile } from '../commit-log/segment-file.js';
import type { SegmentList } from '../commit-log/segment-list.js';
import type { QueueTrimmer } from '../consume-queue/queue-trimmer.js';
import type { KeyIndex } from '../index/key-index.js';
import { planRetention, type RetentionOptions } from './retention-plan.js';

/** What the cleaner works on. */
export interface CleanerParts {
  readonly segments: SegmentList;
  readonly trimmer: QueueTrimmer;
  readonly index: KeyIndex;
  readonly gate: AppendGate;
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Directories whose disks are watched. */
  readonly commitLogDirectory: string;
  readonly consumeQueueDirectory: string;
  /** Files that reach beyond this offset are still needed by recovery. */
  readonly safeOffset: () => number;
}

/** Removes what has expired or what the disk has no room for: commit-log files first, then what was derived from them. */
export class Cleaner {
  #cleanedUpTo: number | undefined;

  constructor(
    private readonly options: RetentionOptions,
    private readonly parts: CleanerParts,
  ) {}

  /** One look, and what follows from it. */
  async run(): Promise<void> {
    const { segments, trimmer, index, gate, clock, logger } = this.parts;
    const candidates = this.#candidates();
    const plan = planRetention(
      {
        nowMs: clock.now(),
        logDiskUsed: this.#used(this.parts.commitLogDirectory),
        queueDiskUsed: this.#used(this.parts.consumeQueueDirectory),
        modifiedMs: candidates.map((segment) => segments.modifiedMs(segment) ?? Number.MAX_SAFE_INTEGER),
      },
      this.options,
    );
    if (plan.refuseWrites) gate.block('disk-space', `the disk is more than ${this.options.diskSpaceWarningLevelRatio} % full`);
    else gate.unblock('disk-space');
    if (plan.removeCount > 0) {
      logger.info('commit-log files are removed', { count: plan.removeCount, reason: plan.reason, first: candidates[0]?.path });
      for (let count = 0; count < plan.removeCount; count++) segments.removeFirst();
    }
    const start = segments.first?.start ?? 0;
    if (start === this.#cleanedUpTo) return;
    this.#cleanedUpTo = start;
    if (start > 0) await trimmer.trimBelow(start);
    index.removeBelow(start);
  }

  /** Used share of a disk, 0 to 1. */
  #used(directory: string): number {
    const { totalBytes, freeBytes } = this.parts.fileSystem.diskSpace(directory);
    return totalBytes === 0 ? 0 : 1 - freeBytes / totalBytes;
  }

  #candidates(): SegmentFile[] {
    const safe = this.parts.safeOffset();
    return this.parts.segments.all.slice(0, -1).filter((segment) => segment.end <= safe);
  }
}
