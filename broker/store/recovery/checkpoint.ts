import { crc32 } from 'node:zlib';

import { readInt64, writeInt64 } from '../../../lib/protocol/message/int64.js';
import type { FileSystem, OpenFile } from '../../../lib/runtime/file-system.js';

/*
 * `checkpoint`, 4096 bytes. Apache: StoreCheckpoint.java
 *
 *   0   i64  store time of the last record known to be synced in the commit log
 *   8   i64  the same for the consume queues
 *   16  i64  the same for the index files that are full
 *   24  i64  flushed offset of the master (slaves only)
 *   32  i64  confirmed offset (controller mode only)
 *
 * Apache leaves the rest alone; we keep exact offsets there, all within the first sector so that they are written with
 * the times or not at all. They count only while the times beside them are the ones they were written with: when another
 * broker has used the directory since, its times differ.
 *
 *   64  8 bytes  "NRMQCKP1"
 *   72  i64 × 3  copy of the times at 0, 8 and 16
 *   96  i64      safe offset: all records below are synced, and so are their consume-queue entries
 *   104 i64      synced offset: the commit log is synced up to here, at least
 *   112 i64      index offset: all records below are indexed and synced
 *   120 i64      end of the log after a clean stop, else -1
 *   128 i64      number of consume queues
 *   136 u32      CRC-32 of the bytes 64 to 135
 */

const FILE_BYTES = 4096;
const MAGIC = Buffer.from('NRMQCKP1', 'latin1');
const EXACT_START = 64;
const EXACT_END = 136;

/** The exact offsets we keep beside Apache's times. */
export interface ExactOffsets {
  readonly safeOffset: number;
  readonly syncedOffset: number;
  readonly indexOffset: number;
  /** -1 while the store runs. */
  readonly endOffset: number;
  readonly queueCount: number;
}

/** What the checkpoint says. Times in ms since the epoch, 0 for never. */
export interface Checkpoint {
  readonly physicMsgTimestamp: number;
  readonly logicsMsgTimestamp: number;
  readonly indexMsgTimestamp: number;
  readonly masterFlushedOffset: number;
  readonly confirmPhyOffset: number;
  /** Absent when the last broker here was not ours, or the file is damaged. */
  readonly exact?: ExactOffsets;
}

export const EMPTY_CHECKPOINT: Checkpoint = {
  physicMsgTimestamp: 0,
  logicsMsgTimestamp: 0,
  indexMsgTimestamp: 0,
  masterFlushedOffset: 0,
  confirmPhyOffset: 0,
};

export function encodeCheckpoint(checkpoint: Checkpoint): Buffer {
  const buffer = Buffer.alloc(FILE_BYTES);
  const times = [checkpoint.physicMsgTimestamp, checkpoint.logicsMsgTimestamp, checkpoint.indexMsgTimestamp];
  const fields = [...times, checkpoint.masterFlushedOffset, checkpoint.confirmPhyOffset];
  for (const [index, value] of fields.entries()) writeInt64(buffer, value, index * 8);
  if (!checkpoint.exact) return buffer;
  MAGIC.copy(buffer, EXACT_START);
  const { safeOffset, syncedOffset, indexOffset, endOffset, queueCount } = checkpoint.exact;
  const exact = [...times, safeOffset, syncedOffset, indexOffset, endOffset, queueCount];
  for (const [index, value] of exact.entries()) writeInt64(buffer, value, EXACT_START + 8 + index * 8);
  buffer.writeUInt32BE(crc32(buffer.subarray(EXACT_START, EXACT_END)), EXACT_END);
  return buffer;
}

export function decodeCheckpoint(content: Buffer | undefined): Checkpoint {
  if (!content || content.length < 40) return EMPTY_CHECKPOINT;
  return {
    physicMsgTimestamp: readInt64(content, 0),
    logicsMsgTimestamp: readInt64(content, 8),
    indexMsgTimestamp: readInt64(content, 16),
    masterFlushedOffset: readInt64(content, 24),
    confirmPhyOffset: readInt64(content, 32),
    exact: decodeExact(content),
  };
}

function decodeExact(content: Buffer): ExactOffsets | undefined {
  if (content.length < EXACT_END + 4 || content.compare(MAGIC, 0, MAGIC.length, EXACT_START, EXACT_START + MAGIC.length) !== 0) return undefined;
  if (crc32(content.subarray(EXACT_START, EXACT_END)) !== content.readUInt32BE(EXACT_END)) return undefined;
  const timesMatch = content.compare(content, 0, 24, EXACT_START + 8, EXACT_START + 32) === 0;
  if (!timesMatch) return undefined;
  const [safeOffset, syncedOffset, indexOffset, endOffset, queueCount] = [96, 104, 112, 120, 128].map((at) => readInt64(content, at));
  return { safeOffset, syncedOffset, indexOffset, endOffset, queueCount };
}

/** Minimum of the times, less three seconds: records stored before are in the commit log and in their queues. Apache: StoreCheckpoint.java */
export function minTimestamp(checkpoint: Checkpoint): number {
  return Math.max(0, Math.min(checkpoint.physicMsgTimestamp, checkpoint.logicsMsgTimestamp) - 3000);
}

/** The checkpoint's file. */
export class CheckpointFile {
  #file: OpenFile | undefined;

  constructor(
    private readonly fileSystem: FileSystem,
    private readonly path: string,
  ) {}

  read(): Checkpoint {
    return decodeCheckpoint(this.fileSystem.readFile(this.path));
  }

  /** Writes and syncs, off the event loop. */
  async write(checkpoint: Checkpoint): Promise<void> {
    this.#file ??= this.fileSystem.open(this.path, 'create');
    await this.#file.writeAsync([encodeCheckpoint(checkpoint)], 0);
    await this.#file.sync();
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}
