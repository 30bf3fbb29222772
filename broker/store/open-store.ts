import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { TurnScheduler } from '../../lib/runtime/turn-scheduler.js';
import { AppendGate } from './commit-log/append-gate.js';
import { AppendPipeline } from './commit-log/append-pipeline.js';
import { Appender } from './commit-log/appender.js';
import { Flusher } from './commit-log/flusher.js';
import { LogReader } from './commit-log/log-reader.js';
import { LogWriter } from './commit-log/log-writer.js';
import { ReadAheadCache } from './commit-log/read-ahead-cache.js';
import { SegmentList } from './commit-log/segment-list.js';
import { TailWindow } from './commit-log/tail-window.js';
import { EntryReader } from './consume-queue/entry-reader.js';
import { QueueFiles } from './consume-queue/queue-files.js';
import { QueueLoader } from './consume-queue/queue-loader.js';
import { QueueTable } from './consume-queue/queue-table.js';
import { QueueTrimmer } from './consume-queue/queue-trimmer.js';
import { QueueWriter } from './consume-queue/queue-writer.js';
import { TimeSearch } from './consume-queue/time-search.js';
import { parseDelayLevels } from './dispatch/delay-levels.js';
import { Publisher } from './dispatch/publisher.js';
import { TagsCodes } from './dispatch/tags-code.js';
import { FollowSoon } from './index/follow-soon.js';
import { IndexFiles } from './index/index-files.js';
import { IndexTable, type IndexStart } from './index/index-table.js';
import { noIndex, type KeyIndex } from './index/key-index.js';
import { Maintenance } from './maintenance.js';
import type { MessageArrival, StoreStatus } from './message-store.js';
import { QueueReader } from './read/queue-reader.js';
import { AbortFile } from './recovery/abort-file.js';
import { CheckpointFile } from './recovery/checkpoint.js';
import { Checkpointer } from './recovery/checkpointer.js';
import { Recovery, type Recovered } from './recovery/recovery.js';
import { Cleaner } from './retention/cleaner.js';
import type { StoreOptions } from './store-options.js';
import type { StorePaths } from './store-paths.js';

/** What an open store consists of, as far as its facade calls it. */
export interface OpenStore {
  readonly appender: Appender;
  readonly queues: QueueTable;
  readonly entries: EntryReader;
  readonly log: LogReader;
  readonly reader: QueueReader;
  readonly timeSearch: TimeSearch;
  readonly index: KeyIndex;
  startTimers(): TimerHandle[];
  status(): StoreStatus;
  deleteTopic(topic: string): void;
  close(): Promise<void>;
}

/** What it runs on. */
export interface OpenEnvironment {
  readonly fileSystem: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly turns: TurnScheduler;
}

/** Recovers the directory and puts the parts together. @throws RocketMqError `STORE_LOCKED`, `STORE_CORRUPT`, `CONFIG_INVALID` */
export async function openStore(
  options: StoreOptions,
  paths: StorePaths,
  environment: OpenEnvironment,
  listeners: ReadonlyArray<(arrival: MessageArrival) => void>,
): Promise<OpenStore> {
  const { fileSystem, clock, logger } = environment;
  const abortFile = new AbortFile(fileSystem, paths.abort);
  abortFile.requireNoLivingOwner();
  const gate = new AppendGate(logger);
  const afterCrash = abortFile.exists();
  const views = derivedViews(options, paths, environment, gate, afterCrash);
  const segments = new SegmentList(fileSystem, paths.commitLog, options.mappedFileSizeCommitLog);
  segments.load(afterCrash);
  // Their names are made durable together with the abort file's.
  for (const directory of [paths.consumeQueue, paths.index]) fileSystem.makeDirectory(directory);
  const checkpointFile = new CheckpointFile(fileSystem, paths.checkpoint);
  const checkpoint = checkpointFile.read();
  const recovered = await new Recovery(
    { segments, logger, ...views },
    { cleanStop: !afterCrash, checkpoint, checkCrc: options.checkCRCOnRecover, recoverDespiteCorruption: options.recoverDespiteCorruption },
  ).run();
  abortFile.create();

  const follow = new FollowSoon(clock);
  const log = commitLog(options, environment, { segments, gate, recovered, follow, ...views }, listeners);
  const index = openIndex(options, paths, environment, log, {
    indexedOffset: checkpoint.exact ? Math.min(checkpoint.exact.indexOffset, recovered.end) : -1,
    afterCrash,
    fullFilesTimestamp: checkpoint.indexMsgTimestamp,
  });
  follow.index = index;
  const checkpointer = new Checkpointer(
    { leastPages: options.flushConsumeQueueLeastPages, thoroughInterval: options.flushConsumeQueueThoroughInterval, scanMax: options.recoveryScanMax },
    {
      file: checkpointFile,
      flusher: log.flusher,
      queues: views.queues,
      queueWriter: views.queueWriter,
      published: () => ({ offset: log.pipeline.published, storeTimestamp: log.publisher.lastStoreTimestamp }),
      syncIndex: () => index.sync(),
    },
    checkpoint,
    clock.monotonic(),
  );
  const cleaner = new Cleaner(options, {
    segments,
    trimmer: new QueueTrimmer(views.queues, views.files, views.entries, () => nextTurn(environment.turns)),
    index,
    gate,
    fileSystem,
    clock,
    logger,
    commitLogDirectory: paths.commitLog,
    consumeQueueDirectory: paths.consumeQueue,
    safeOffset: () => checkpointer.safeOffset,
  });
  const maintenance = new Maintenance(options, { ...log, ...views, follow, segments, gate, checkpointer, index, fileSystem, clock, logger, abortFile, checkpointFile, paths, cleaner });
  await maintenance.settleAfterOpen(recovered.trusted);
  follow.soon();
  return { ...log, ...views, index, ...maintenance.facade() };
}

function openIndex(
  options: StoreOptions,
  paths: StorePaths,
  { fileSystem, clock, logger }: OpenEnvironment,
  log: { readonly log: LogReader; readonly pipeline: AppendPipeline },
  start: IndexStart,
): KeyIndex {
  if (!options.messageIndexEnable) return noIndex;
  const files = new IndexFiles(fileSystem, paths.index, { slots: options.maxHashSlotNum, entries: options.maxIndexNum }, logger);
  const parts = { files, log: log.log, clock, logger, limit: () => log.pipeline.published, pause: (signal: AbortSignal) => clock.sleep(INDEX_PAUSE_MS, signal) };
  return IndexTable.open(parts, options.maxMsgsNumBatch, start);
}

/** Rest between two steps of indexing older parts of the log, so that it takes a small share of the loop. */
const INDEX_PAUSE_MS = 10;

function derivedViews(options: StoreOptions, paths: StorePaths, environment: OpenEnvironment, gate: AppendGate, afterCrash: boolean) {
  const { fileSystem, turns, logger } = environment;
  const files = new QueueFiles(fileSystem, paths.consumeQueue, options.mappedFileSizeConsumeQueue, options.openFilesMax);
  const loader = new QueueLoader(files, afterCrash);
  const queues = new QueueTable(files, (queue) => loader.load(queue));
  loader.discover((topic, queueId) => queues.register(topic, queueId));
  const queueWriter = new QueueWriter(
    files,
    {
      onWriteFailed: (queue, error) => gate.block('consume-queue', `the consume queue ${queue.topic}/${queue.queueId} cannot be written: ${String(error)}`, error),
      onWritten: () => gate.unblock('consume-queue'),
    },
    logger,
    () => nextTurn(turns),
  );
  const entries = new EntryReader(files, options.consumeQueueReadMemoryMax);
  const tagsCodes = new TagsCodes(parseDelayLevels(options.messageDelayLevel));
  return { files, queues, loader, queueWriter, entries, tagsCodes };
}

const nextTurn = (turns: TurnScheduler): Promise<void> => new Promise((resolve) => turns.atTurnEnd(resolve));

type Views = ReturnType<typeof derivedViews>;

function commitLog(
  options: StoreOptions,
  { clock, turns, logger }: OpenEnvironment,
  parts: Views & { readonly segments: SegmentList; readonly gate: AppendGate; readonly recovered: Recovered; readonly follow: FollowSoon },
  listeners: ReadonlyArray<(arrival: MessageArrival) => void>,
) {
  const { segments, gate, recovered, queues, queueWriter, entries, tagsCodes } = parts;
  const tail = new TailWindow(options.tailBlockSize, options.tailMemoryMax);
  const syncFlush = options.flushDiskType === 'SYNC_FLUSH';
  const writer = new LogWriter(segments, tail, recovered.end, syncFlush ? Math.min(options.tailBlockSize, options.mappedFileSizeCommitLog) : 0);
  const publisher = new Publisher(queueWriter, listeners);
  const flusher: Flusher = new Flusher(
    segments,
    () => writer.written,
    {
      onFlushed: (offset) => pipeline.flushed(offset),
      onFlushFailed: (error) => {
        gate.block('flush', `syncing the commit log failed: ${String(error)}`, error);
        pipeline.flushFailed();
      },
    },
    recovered.synced,
  );
  const pipeline = new AppendPipeline(
    { syncFlush, syncFlushTimeout: options.syncFlushTimeout },
    { writer, flusher, gate, clock, turns, publish: (append) => publisher.publish(append), afterPublish: () => parts.follow.soon() },
  );
  const limits = { maxMessageSize: options.maxMessageSize, segmentSize: options.mappedFileSizeCommitLog, syncFlush };
  const appender = new Appender(limits, { writer, queues, tagsCodes, gate, clock, accept: (append) => pipeline.accept(append) });
  const cache = new ReadAheadCache(segments, options.readAheadMemoryMax, () => writer.written);
  const log = new LogReader(segments, tail, cache, () => writer.written, logger);
  const reader = new QueueReader(queues, entries, log, readLimits(options), options.mappedFileSizeConsumeQueue / 20);
  return { tail, writer, publisher, flusher, pipeline, appender, cache, log, reader, timeSearch: new TimeSearch(entries, log) };
}

function readLimits(options: StoreOptions) {
  return {
    bytesInMemory: options.maxTransferBytesOnMessageInMemory,
    countInMemory: options.maxTransferCountOnMessageInMemory,
    bytesOnDisk: options.maxTransferBytesOnMessageInDisk,
    countOnDisk: options.maxTransferCountOnMessageInDisk,
    memoryBytes: Math.floor(options.physicalMemory * (options.accessMessageInMemoryMaxRatio / 100)),
    filterBytes: options.maxFilterMessageSize,
  };
}
