import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { MAGIC_V1, MAGIC_V2, MIN_RECORD_BYTES, magicAt, physicalOffsetAt, storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import { silentLogger, type Logger } from '../../../lib/runtime/logger.js';
import type { SegmentList } from '../commit-log/segment-list.js';
import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { QueueLoader } from '../consume-queue/queue-loader.js';
import type { QueueTable } from '../consume-queue/queue-table.js';
import type { QueueWriter } from '../consume-queue/queue-writer.js';
import type { TagsCodes } from '../dispatch/tags-code.js';
import type { Checkpoint } from './checkpoint.js';
import { LogScanner, type ScanEnd } from './log-scanner.js';
import { judgeEnd, planRecovery, type RecoveryFacts, type RecoveryPlan } from './plan.js';
import { Redispatch } from './redispatch.js';

/** What recovery works on. */
export interface RecoveryParts {
  readonly segments: SegmentList;
  readonly queues: QueueTable;
  readonly loader: QueueLoader;
  readonly queueWriter: QueueWriter;
  readonly tagsCodes: TagsCodes;
  readonly logger: Logger;
}

/** What it starts from. */
export interface RecoveryOptions {
  readonly cleanStop: boolean;
  readonly checkpoint: Checkpoint;
  readonly checkCrc: boolean;
  readonly recoverDespiteCorruption: boolean;
}

/** Where the store stands afterwards. */
export interface Recovered {
  /** End of the commit log. */
  readonly end: number;
  /** The commit log is certainly synced up to here. */
  readonly synced: number;
  /** Nothing was scanned or changed. */
  readonly trusted: boolean;
}

/** Carries out what {@link planRecovery} and {@link judgeEnd} decide. The queues must be loaded. */
export class Recovery {
  readonly #scanner: LogScanner;

  constructor(
    private readonly parts: RecoveryParts,
    private readonly options: RecoveryOptions,
  ) {
    this.#scanner = new LogScanner(parts.segments, options.checkCrc);
  }

  /** @throws RocketMqError `STORE_CORRUPT` when something is damaged that was safe, and nothing was changed then */
  async run(): Promise<Recovered> {
    const facts = this.#facts();
    const plan = this.#checked(planRecovery(facts));
    if (plan.kind === 'trust') return { end: plan.end, synced: plan.end, trusted: true };
    const log = facts.files.length === 0 ? silentLogger : this.parts.logger;
    log.info('recovering the store', { from: plan.from, logLimit: facts.logLimit, reason: plan.reason });
    // A first pass changes nothing: damage must stop the start before anything is cut.
    const end = await this.#findEnd(plan.from);
    this.#dropEntries(plan.dropEntriesFrom, facts);
    await this.#redispatch(plan.from, end.offset);
    this.#cutLog(end.offset);
    this.#scanner.close();
    log.info('the store is recovered', { end: end.offset, recordsScanned: end.records });
    return { end: end.offset, synced: Math.min(end.offset, this.options.checkpoint.exact?.syncedOffset ?? plan.from), trusted: false };
  }

  #facts(): RecoveryFacts {
    const { segments, queues } = this.parts;
    return {
      cleanStop: this.options.cleanStop,
      checkpoint: this.options.checkpoint,
      logStart: segments.first?.start ?? 0,
      logLimit: segments.last?.end ?? 0,
      files: segments.all.map((segment) => ({ start: segment.start, firstStoreTime: this.#storeTimeAt(segment.start) })),
      queuesEnd: () => this.#queuesEnd(),
      queueCount: queues.size,
    };
  }

  #queuesEnd(): number {
    let end = 0;
    this.parts.queues.loadAll();
    for (const queue of this.parts.queues) end = Math.max(end, queue.physicalEnd);
    return end;
  }

  /** The store time of the record that begins at `offset`, 0 when none does. */
  #storeTimeAt(offset: number): number {
    const head = Buffer.alloc(MIN_RECORD_BYTES);
    const read = this.parts.segments.at(offset)?.read(head, 0, head.length, offset) ?? 0;
    if (read < head.length || (magicAt(head, 0) !== MAGIC_V1 && magicAt(head, 0) !== MAGIC_V2)) return 0;
    return physicalOffsetAt(head, 0) === offset ? storeTimestampAt(head, 0) : 0;
  }

  /** Whoever appended behind the noted end did so without our checkpoint: then the end is looked for after all. */
  #checked(plan: RecoveryPlan): RecoveryPlan {
    if (plan.kind !== 'trust' || this.#storeTimeAt(plan.end) === 0) return plan;
    return { kind: 'scan', from: plan.end, dropEntriesFrom: plan.end, reason: 'there are records behind the noted end of the log' };
  }

  async #findEnd(from: number): Promise<ScanEnd> {
    const end = await this.#scanner.scan(from, () => undefined);
    const notBefore = end.lastStoreTimestamp || this.options.checkpoint.physicMsgTimestamp;
    const behind = end.finding === 'END_OF_FILES' ? undefined : await this.#scanner.findRecordBehind(end.offset, notBefore);
    const verdict = judgeEnd({
      end,
      recordBehind: behind?.offset,
      syncedOffset: Math.min(this.options.checkpoint.exact?.syncedOffset ?? 0, this.parts.segments.last?.end ?? 0),
      looksUnwritten: this.#looksUnwritten(end.offset, behind?.offset ?? end.offset),
      goOn: this.options.recoverDespiteCorruption,
    });
    if (verdict.kind === 'refuse') {
      throw new RocketMqError('STORE_CORRUPT', verdict.message, { details: { physicalOffset: verdict.offset, recordBehind: behind?.offset } });
    }
    if (verdict.warning) this.parts.logger.warn('the commit log is cut', { offset: verdict.offset, warning: verdict.warning });
    return end;
  }

  /**
   * Whether bytes are missing rather than wrong. The system brings sectors to the disk whole, in any order; one that never
   * got there ends in zeros from where an unsynced write began: at the record itself, or before it, then all of it is zero.
   */
  #looksUnwritten(offset: number, until: number): boolean {
    const segment = this.parts.segments.at(offset);
    if (!segment) return false;
    const sector = Buffer.alloc(SECTOR_BYTES);
    for (let from = offset; from < Math.min(until, segment.end); from += SECTOR_BYTES - (from % SECTOR_BYTES)) {
      const length = Math.min(SECTOR_BYTES - (from % SECTOR_BYTES), segment.end - from);
      const read = segment.read(sector, 0, length, from);
      const isZero = read === length && sector.subarray(0, length).every((byte) => byte === 0);
      if (isZero && length >= (from === offset ? SIZE_FIELD_BYTES : SECTOR_BYTES)) return true;
    }
    return false;
  }

  #dropEntries(from: number, facts: RecoveryFacts): void {
    const { queues, loader } = this.parts;
    if (from <= facts.logStart) return queues.removeAll();
    if (this.options.cleanStop) return;
    queues.loadAll();
    for (const queue of queues) loader.cut(queue, from);
  }

  async #redispatch(from: number, end: number): Promise<void> {
    const { queues, queueWriter, tagsCodes, logger, segments } = this.parts;
    // The first pass has checked the bodies.
    const scanner = new LogScanner(segments, false);
    const first = new Redispatch(queues, queueWriter, tagsCodes);
    await scanner.scan(from, (...record) => first.visit(...record), end);
    if (first.gaps.size === 0) return;
    const rebuilt = new Set<ConsumeQueue>();
    for (const queue of first.gaps) {
      logger.warn('a consume queue lacks entries and is built anew', { topic: queue.topic, queueId: queue.queueId });
      queueWriter.forget(queue);
      queues.remove(queue);
      rebuilt.add(queues.getOrCreate(queue.topic, queue.queueId));
    }
    const second = new Redispatch(queues, queueWriter, tagsCodes, rebuilt);
    await scanner.scan(segments.first?.start ?? 0, (...record) => second.visit(...record), end);
  }

  /** Nothing of what is behind the end may ever look like a record again. */
  #cutLog(end: number): void {
    const { segments } = this.parts;
    const segment = segments.at(end);
    segments.removeFrom(segment ? segment.end : end);
    segment?.clearFrom(end);
    segment?.syncNow();
  }
}

const SECTOR_BYTES = 512;
/** No record's size field is zero. */
const SIZE_FIELD_BYTES = 4;
