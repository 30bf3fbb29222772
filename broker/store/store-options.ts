import { totalmem } from 'node:os';
import { join } from 'node:path';

import { RocketMqError } from '../../lib/errors/rocketmq-error.js';

/** When an append counts as done: written to the operating system, or synced to the disk. */
export type FlushDiskType = 'ASYNC_FLUSH' | 'SYNC_FLUSH';

/**
 * Options of the store. Keys and defaults are Apache's (`MessageStoreConfig.java`) wherever Apache has such an option;
 * the group at the end is ours. Sizes are bytes, times milliseconds unless a line says otherwise.
 */
export interface StoreOptions {
  /** Directory of everything the store writes. */
  readonly storePathRootDir: string;
  /** Directory of the commit log. Default: `commitlog` below the root. */
  readonly storePathCommitLog: string;
  /** Length of one commit-log file. Both brokers that open a directory must use the same value. Default 1 GiB. */
  readonly mappedFileSizeCommitLog: number;
  /** Length of one consume-queue file, rounded up to whole entries of 20 bytes. Default 6 000 000. */
  readonly mappedFileSizeConsumeQueue: number;
  /** Longest body. Default 4 MiB. */
  readonly maxMessageSize: number;
  readonly flushDiskType: FlushDiskType;
  /** Longest wait of a `SYNC_FLUSH` append before it is answered FLUSH_DISK_TIMEOUT. Default 5000. */
  readonly syncFlushTimeout: number;
  /** Period of the asynchronous flush. Default 500. */
  readonly flushIntervalCommitLog: number;
  /** Dirty 4 KiB pages below which the asynchronous flush does nothing. Default 4. */
  readonly flushCommitLogLeastPages: number;
  /** Period after which it flushes whatever there is. Default 10 000. */
  readonly flushCommitLogThoroughInterval: number;
  /** Period of writing the consume queues behind. Default 1000. */
  readonly flushIntervalConsumeQueue: number;
  /** Dirty 4 KiB pages below which a queue is not written yet. Default 2. */
  readonly flushConsumeQueueLeastPages: number;
  /** Period after which all queues are written and synced. Default 60 000. */
  readonly flushConsumeQueueThoroughInterval: number;
  /** Whether recovery verifies the CRC of the bodies. Default true. */
  readonly checkCRCOnRecover: boolean;
  readonly messageIndexEnable: boolean;
  /** Hash slots of one index file. Default 5 000 000. */
  readonly maxHashSlotNum: number;
  /** Entries of one index file. Default 20 000 000. */
  readonly maxIndexNum: number;
  /** Most messages one query by key returns. Default 64. */
  readonly maxMsgsNumBatch: number;
  /** Limits of one read while the messages count as being in memory. Defaults 256 KiB and 32. */
  readonly maxTransferBytesOnMessageInMemory: number;
  readonly maxTransferCountOnMessageInMemory: number;
  /** Limits of one read of older messages. Defaults 64 KiB and 8. */
  readonly maxTransferBytesOnMessageInDisk: number;
  readonly maxTransferCountOnMessageInDisk: number;
  /** Share of the machine's memory, in percent, by which a distance from the log's end counts as "in memory". Default 40. */
  readonly accessMessageInMemoryMaxRatio: number;
  /** Bytes of consume-queue entries one filtered read may pass. Default 16 000. */
  readonly maxFilterMessageSize: number;
  /** Delays of the levels of scheduled messages; the schedule topic's entries carry delivery times made from it. */
  readonly messageDelayLevel: string;
  /** Age in hours after which a commit-log file may go. Default 72. */
  readonly fileReservedTime: number;
  /** Hours of the day at which old files go, `;`-separated, local time. Default `04`. */
  readonly deleteWhen: string;
  /** Most files removed in one run. Default 10. */
  readonly deleteFileBatchMax: number;
  /** Period of looking for files to remove, and at the disk. Default 10 000. */
  readonly cleanResourceInterval: number;
  /** Used share of the disk, percent: above it old files go at any hour. Default 75. */
  readonly diskMaxUsedSpaceRatio: number;
  /** Above it files go whatever their age (when `cleanFileForciblyEnable`). At most 85, at least 30. Default 85. */
  readonly diskSpaceCleanForciblyRatio: number;
  /** Above it writes are refused too. At most 90, at least 35. Default 90. */
  readonly diskSpaceWarningLevelRatio: number;
  readonly cleanFileForciblyEnable: boolean;

  /** Ours: memory for the newest records, from which tail reads are served. Grows under load only. Default 64 MiB. */
  readonly tailMemoryMax: number;
  /** Ours: size of one block of the tail. Default 1 MiB. */
  readonly tailBlockSize: number;
  /** Ours: memory shared by all reads of older records. Default 32 MiB. */
  readonly readAheadMemoryMax: number;
  /** Ours: memory shared by all reads of older consume-queue entries. Default 8 MiB. */
  readonly consumeQueueReadMemoryMax: number;
  /** Ours: most files of consume queues held open at once. Default 512. */
  readonly openFilesMax: number;
  /** Ours: a crash never costs a longer scan of the log than about this. Default 256 MiB. */
  readonly recoveryScanMax: number;
  /** Ours: go on when a record in the middle of the log is damaged, dropping what follows it. Default false: the start fails, naming the offset. */
  readonly recoverDespiteCorruption: boolean;
  /** Ours: period of trying whether a disk that failed or was full works again. Default 1000. */
  readonly writeProbeInterval: number;
  /** Ours: memory of the machine, for `accessMessageInMemoryMaxRatio`. Default: what the system reports. */
  readonly physicalMemory: number;
}

/** Apache's defaults below a root directory. */
export function defaultStoreOptions(storePathRootDir: string): StoreOptions {
  return {
    storePathRootDir,
    storePathCommitLog: join(storePathRootDir, 'commitlog'),
    mappedFileSizeCommitLog: 1024 * 1024 * 1024,
    mappedFileSizeConsumeQueue: 300_000 * 20,
    maxMessageSize: 4 * 1024 * 1024,
    flushDiskType: 'ASYNC_FLUSH',
    syncFlushTimeout: 5000,
    flushIntervalCommitLog: 500,
    flushCommitLogLeastPages: 4,
    flushCommitLogThoroughInterval: 10_000,
    flushIntervalConsumeQueue: 1000,
    flushConsumeQueueLeastPages: 2,
    flushConsumeQueueThoroughInterval: 60_000,
    checkCRCOnRecover: true,
    messageIndexEnable: true,
    maxHashSlotNum: 5_000_000,
    maxIndexNum: 20_000_000,
    maxMsgsNumBatch: 64,
    maxTransferBytesOnMessageInMemory: 256 * 1024,
    maxTransferCountOnMessageInMemory: 32,
    maxTransferBytesOnMessageInDisk: 64 * 1024,
    maxTransferCountOnMessageInDisk: 8,
    accessMessageInMemoryMaxRatio: 40,
    maxFilterMessageSize: 16_000,
    messageDelayLevel: '1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h',
    fileReservedTime: 72,
    deleteWhen: '04',
    deleteFileBatchMax: 10,
    cleanResourceInterval: 10_000,
    diskMaxUsedSpaceRatio: 75,
    diskSpaceCleanForciblyRatio: 85,
    diskSpaceWarningLevelRatio: 90,
    cleanFileForciblyEnable: true,
    tailMemoryMax: 64 * 1024 * 1024,
    tailBlockSize: 1024 * 1024,
    readAheadMemoryMax: 32 * 1024 * 1024,
    consumeQueueReadMemoryMax: 8 * 1024 * 1024,
    openFilesMax: 512,
    recoveryScanMax: 256 * 1024 * 1024,
    recoverDespiteCorruption: false,
    writeProbeInterval: 1000,
    physicalMemory: totalmem(),
  };
}

/** Options as a caller gives them: the root directory, and whatever differs from the defaults. */
export type StoreOptionsInput = Pick<StoreOptions, 'storePathRootDir'> & Partial<StoreOptions>;

/** Fills in the defaults and checks the values. @throws RocketMqError `CONFIG_INVALID` naming key, value and what is allowed */
export function resolveStoreOptions(input: StoreOptionsInput): StoreOptions {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const options: StoreOptions = { ...defaultStoreOptions(input.storePathRootDir), ...given };
  for (const check of CHECKS) check(options);
  return {
    ...options,
    mappedFileSizeConsumeQueue: Math.ceil(options.mappedFileSizeConsumeQueue / 20) * 20,
    diskSpaceCleanForciblyRatio: clamp(options.diskSpaceCleanForciblyRatio, 30, 85),
    diskSpaceWarningLevelRatio: clamp(options.diskSpaceWarningLevelRatio, 35, 90),
  };
}

/** Bytes a record may take beyond its body; Apache keeps the same reserve (`MessageExtEncoder.java`). */
export const RECORD_RESERVE_BYTES = 64 * 1024;

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const CHECKS: ReadonlyArray<(options: StoreOptions) => void> = [
  (options) => requireText('storePathRootDir', options.storePathRootDir),
  (options) => requireText('storePathCommitLog', options.storePathCommitLog),
  (options) => requireInteger('mappedFileSizeConsumeQueue', options.mappedFileSizeConsumeQueue, 20, 2 ** 31 - 21),
  (options) => requireInteger('maxMessageSize', options.maxMessageSize, 1, 2 ** 30),
  (options) => requireInteger('mappedFileSizeCommitLog', options.mappedFileSizeCommitLog, 4096, 2 ** 31 - 1),
  (options) => requireOneOf('flushDiskType', options.flushDiskType, ['ASYNC_FLUSH', 'SYNC_FLUSH']),
  (options) => {
    for (const key of POSITIVE_KEYS) requireInteger(key, options[key], 1, Number.MAX_SAFE_INTEGER);
    for (const key of COUNT_KEYS) requireInteger(key, options[key], 0, Number.MAX_SAFE_INTEGER);
    for (const key of RATIO_KEYS) requireInteger(key, options[key], 0, 100);
  },
  (options) => requireIndexSize(options),
  (options) => requireHours(options.deleteWhen),
];

const POSITIVE_KEYS = [
  'syncFlushTimeout',
  'flushIntervalCommitLog',
  'flushCommitLogThoroughInterval',
  'flushIntervalConsumeQueue',
  'flushConsumeQueueThoroughInterval',
  'maxHashSlotNum',
  'maxIndexNum',
  'maxMsgsNumBatch',
  'maxTransferBytesOnMessageInMemory',
  'maxTransferCountOnMessageInMemory',
  'maxTransferBytesOnMessageInDisk',
  'maxTransferCountOnMessageInDisk',
  'maxFilterMessageSize',
  'fileReservedTime',
  'deleteFileBatchMax',
  'cleanResourceInterval',
  'tailMemoryMax',
  'tailBlockSize',
  'readAheadMemoryMax',
  'consumeQueueReadMemoryMax',
  'openFilesMax',
  'recoveryScanMax',
  'writeProbeInterval',
  'physicalMemory',
] as const satisfies ReadonlyArray<keyof StoreOptions>;

const COUNT_KEYS = ['flushCommitLogLeastPages', 'flushConsumeQueueLeastPages'] as const satisfies ReadonlyArray<keyof StoreOptions>;

const RATIO_KEYS = [
  'accessMessageInMemoryMaxRatio',
  'diskMaxUsedSpaceRatio',
  'diskSpaceCleanForciblyRatio',
  'diskSpaceWarningLevelRatio',
] as const satisfies ReadonlyArray<keyof StoreOptions>;

function invalid(key: string, value: unknown, allowed: string): RocketMqError {
  return new RocketMqError('CONFIG_INVALID', `${key} = ${String(value)} is not possible; allowed: ${allowed}`, { details: { key, value } });
}

function requireText(key: string, value: string): void {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(key, value, 'the path of a directory');
  if (key === 'storePathCommitLog' && value.includes(',')) throw invalid(key, value, 'one directory (a commit log over several is not supported)');
}

function requireInteger(key: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw invalid(key, value, `a whole number from ${min} to ${max}`);
}

function requireOneOf(key: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalid(key, value, allowed.join(', '));
}

/** Positions in an index file are 32-bit numbers. */
function requireIndexSize(options: StoreOptions): void {
  const size = 40 + options.maxHashSlotNum * 4 + options.maxIndexNum * 20;
  if (size > 2 ** 31 - 1) throw invalid('maxHashSlotNum/maxIndexNum', `${options.maxHashSlotNum}/${options.maxIndexNum}`, 'an index file below 2 GiB');
}

function requireHours(value: string): void {
  if (!value.split(';').every((hour) => /^\s*([01]?\d|2[0-3])\s*$/.test(hour))) throw invalid('deleteWhen', value, 'hours 00 to 23, separated by ;');
}
