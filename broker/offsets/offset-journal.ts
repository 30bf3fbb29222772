import { crc32 } from 'node:zlib';

import type { FileSystem, OpenFile } from '../../lib/runtime/file-system.js';
import type { TurnScheduler } from '../../lib/runtime/turn-scheduler.js';

/*
 * A journal file holds what changed since the snapshot (consumerOffset.json) it follows:
 *
 *   header   "RMQOFFS1"                      8 bytes
 *            crc32 of the snapshot's bytes   u32 BE (0: there was none)
 *   batch    length of the payload           u32 BE     one batch per turn of the event loop
 *            crc32 of the payload            u32 BE
 *            payload                         UTF-8 lines, each ending in \n:
 *              "C" topic TAB group TAB queueId TAB offset      committed
 *              "D" topic TAB group                             all offsets of the pair dropped
 *
 * Files are named <snapshot>.journal.<n>, n counting up. A batch that is not whole ends the file: it was being written when the
 * process died, so nobody was told of it.
 */

const MAGIC = Buffer.from('RMQOFFS1', 'latin1');
const HEADER_BYTES = MAGIC.length + 4;
const BATCH_HEADER_BYTES = 8;

/** Receives what a journal holds, in the order it was written. */
export interface OffsetJournalReader {
  committed(topic: string, group: string, queueId: number, offset: number): void;
  dropped(topic: string, group: string): void;
}

/**
 * The changes of the consumer offsets between two writes of their JSON file, so that a killed process loses no offset it
 * acknowledged. Written once per turn of the event loop; a new file is begun with every snapshot.
 */
export class OffsetJournal {
  readonly #folder: string;
  readonly #prefix: string;
  #file: OpenFile | undefined;
  #position = 0;
  #sequence = 0;
  #snapshotCrc = 0;
  #lines = '';
  #written: { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(
    private readonly fileSystem: FileSystem,
    /** Path of the snapshot the journal belongs to. */
    snapshotPath: string,
    private readonly turns: TurnScheduler,
  ) {
    const slash = snapshotPath.lastIndexOf('/');
    this.#folder = snapshotPath.slice(0, slash) || '/';
    this.#prefix = `${snapshotPath.slice(slash + 1)}.journal.`;
  }

  /**
   * Reads the journals that follow a snapshot. Those of another snapshot are left out: another broker has written the file since.
   * Returns the number of changes read.
   */
  replay(snapshot: Buffer | undefined, reader: OffsetJournalReader): number {
    const wanted = crcOf(snapshot);
    this.#snapshotCrc = wanted;
    let following = false;
    let changes = 0;
    for (const sequence of this.#sequences()) {
      this.#sequence = sequence;
      const content = this.fileSystem.readFile(this.#pathOf(sequence));
      if (content === undefined || content.length < HEADER_BYTES || !content.subarray(0, MAGIC.length).equals(MAGIC)) continue;
      following ||= content.readUInt32BE(MAGIC.length) === wanted;
      if (following) changes += readBatches(content, reader);
    }
    return changes;
  }

  /** Notes a committed offset; it is written at the end of this turn. */
  commit(topic: string, group: string, queueId: number, offset: number): void {
    this.#append(`C${topic}\t${group}\t${queueId}\t${offset}\n`);
  }

  /** Notes that all offsets of a topic and group were dropped. */
  drop(topic: string, group: string): void {
    this.#append(`D${topic}\t${group}\n`);
  }

  /** Resolves when everything noted so far is written; `undefined` when it is already. @throws the disk's error */
  written(): Promise<void> | undefined {
    return this.#written?.promise;
  }

  /**
   * Begins a new file that follows `snapshot`, which holds everything noted so far. Returns the new file's number, for
   * {@link removeBefore}.
   */
  follow(snapshot: Buffer): number {
    this.#flush();
    const previous = this.#file;
    this.#open(this.#sequence + 1, crcOf(snapshot));
    previous?.close();
    return this.#sequence;
  }

  /** Removes the files with lower numbers. */
  removeBefore(number: number): void {
    for (const sequence of this.#sequences()) if (sequence < number) this.fileSystem.remove(this.#pathOf(sequence));
  }

  /** Ends writing; with `remove` the journals go, because the snapshot holds everything. */
  close(remove: boolean): void {
    this.#flush();
    this.#file?.close();
    this.#file = undefined;
    if (!remove) return;
    for (const sequence of this.#sequences()) this.fileSystem.remove(this.#pathOf(sequence));
  }

  #append(line: string): void {
    this.#lines += line;
    if (this.#written !== undefined) return;
    let resolve = (): void => undefined;
    let reject = (_error: unknown): void => undefined;
    const promise = new Promise<void>((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    // Whoever needs to know awaits `written()`; a commit nobody waits for must not end the process.
    promise.catch(() => undefined);
    this.#written = { promise, resolve, reject };
    this.turns.atTurnEnd(() => this.#flush());
  }

  #flush(): void {
    const written = this.#written;
    if (written === undefined) return;
    const payload = Buffer.from(this.#lines, 'utf8');
    this.#lines = '';
    this.#written = undefined;
    try {
      if (this.#file === undefined) this.#open(this.#sequence + 1, this.#snapshotCrc);
      const header = Buffer.allocUnsafe(BATCH_HEADER_BYTES);
      header.writeUInt32BE(payload.length, 0);
      header.writeUInt32BE(crc32(payload), 4);
      this.#file?.write([header, payload], this.#position);
      this.#position += BATCH_HEADER_BYTES + payload.length;
      written.resolve();
    } catch (error) {
      // The position stays: the next batch overwrites the torn one.
      written.reject(error);
    }
  }

  #open(sequence: number, snapshotCrc: number): void {
    this.fileSystem.makeDirectory(this.#folder);
    const file = this.fileSystem.open(this.#pathOf(sequence), 'create');
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeUInt32BE(snapshotCrc, MAGIC.length);
    file.truncate(0);
    file.write([header], 0);
    this.#file = file;
    this.#sequence = sequence;
    this.#snapshotCrc = snapshotCrc;
    this.#position = HEADER_BYTES;
  }

  #sequences(): number[] {
    const found: number[] = [];
    for (const name of this.fileSystem.list(this.#folder)) {
      const suffix = name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : '';
      if (/^\d+$/.test(suffix)) found.push(Number(suffix));
    }
    return found.sort((a, b) => a - b);
  }

  #pathOf(sequence: number): string {
    return `${this.#folder}/${this.#prefix}${sequence}`;
  }
}

function crcOf(snapshot: Buffer | undefined): number {
  return snapshot === undefined ? 0 : crc32(snapshot);
}

function readBatches(content: Buffer, reader: OffsetJournalReader): number {
  let position = HEADER_BYTES;
  let changes = 0;
  while (position + BATCH_HEADER_BYTES <= content.length) {
    const length = content.readUInt32BE(position);
    const start = position + BATCH_HEADER_BYTES;
    const payload = content.subarray(start, start + length);
    if (payload.length < length || length === 0 || crc32(payload) !== content.readUInt32BE(position + 4)) break;
    for (const line of payload.toString('utf8').split('\n')) if (line !== '') changes += readLine(line, reader);
    position = start + length;
  }
  return changes;
}

function readLine(line: string, reader: OffsetJournalReader): number {
  const [topic, group, queueId, offset] = line.slice(1).split('\t');
  if (line[0] === 'C') reader.committed(topic, group, Number(queueId), Number(offset));
  else reader.dropped(topic, group);
  return 1;
}
