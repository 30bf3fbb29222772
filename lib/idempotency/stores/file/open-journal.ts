import { dirname } from 'node:path';

import type { FileSystem, OpenFile } from '../../../runtime/file-system.js';
import type { Logger } from '../../../runtime/logger.js';
import type { TurnScheduler } from '../../../runtime/turn-scheduler.js';
import { Journal, type Durability } from './journal.js';
import { checkFileHeader, damaged, scanRecords, wasSyncedOnce } from './journal-scan.js';
import { KeyTable } from './key-table.js';
import { FILE_HEADER } from './record-codec.js';

/** A journal ready for use. The table is exchanged by a compaction. */
export interface OpenedJournal {
  readonly journal: Journal;
  table: KeyTable;
  /** For tables of compacted files, see `hashOf`. */
  readonly seed: number;
  readonly turns: TurnScheduler;
}

/** What {@link openJournal} needs. */
export interface OpenJournalOptions {
  readonly path: string;
  readonly durability: Durability;
  readonly seed: number;
  readonly nowMs: number;
  readonly fileSystem: FileSystem;
  readonly turns: TurnScheduler;
  readonly logger: Logger;
}

/** Opens or creates a journal, reads it into a table and cuts off what a crash left behind the last whole record. */
export function openJournal(options: OpenJournalOptions): OpenedJournal {
  const { path, fileSystem, seed } = options;
  // A compaction that did not get to the exchange.
  fileSystem.remove(compactionPath(path));
  const file = openOrCreate(options);
  try {
    checkFileHeader(file, path);
    const table = new KeyTable(path, seed);
    const end = readAll(file, table, options);
    return { journal: new Journal(path, file, end, options.durability, options.turns), table, seed, turns: options.turns };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Where the compacted journal grows. */
export function compactionPath(path: string): string {
  return `${path}.compact`;
}

function openOrCreate({ path, fileSystem }: OpenJournalOptions): OpenFile {
  const stat = fileSystem.stat(path);
  // Shorter than its header: a crash while creating it; nothing can have been recorded.
  if (stat && stat.size >= FILE_HEADER.length) return fileSystem.open(path, 'read-write');
  const file = fileSystem.open(path, 'create');
  file.truncate(0);
  file.write([FILE_HEADER], 0);
  file.syncNow();
  fileSystem.syncDirectory(dirname(path));
  return file;
}

function readAll(file: OpenFile, table: KeyTable, { path, nowMs, logger }: OpenJournalOptions): number {
  const size = file.size();
  const records = scanRecords(file, FILE_HEADER.length, size);
  let step = records.next();
  for (; !step.done; step = records.next()) table.apply(file, step.value, nowMs);
  const end = step.value;
  if (end === size) return end;
  if (wasSyncedOnce(file, end, size)) throw damaged(path, end);
  file.truncate(end);
  file.syncNow();
  logger.warn('the idempotency journal ended in an unfinished write, which was cut off', { path, position: end, bytes: size - end });
  return end;
}
