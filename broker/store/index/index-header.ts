import { readInt64, writeInt64 } from '../../../lib/protocol/message/int64.js';

/*
 * An index file, big-endian. Apache: IndexHeader.java, IndexFile.java
 *
 *   header   0  i64 store time of the first record    8  i64 of the last      16 i64 offset of the first   24 i64 of the last
 *            32 i32 slots in use                      36 i32 number of the next entry, from 1 on
 *   slots    maxHashSlotNum × i32: number of the newest entry of the slot, 0 for none
 *   entries  maxIndexNum × { i32 hash, i64 physical offset, i32 seconds since the first store time, i32 previous entry of the slot }
 *            entry 0 stays empty
 *
 * hash = |Java hash of `topic#key`| (0 for the one number that has no absolute value), slot = hash mod slots
 */

export const INDEX_HEADER_BYTES = 40;
export const INDEX_SLOT_BYTES = 4;
export const INDEX_ENTRY_BYTES = 20;

/** The header's fields. */
export interface IndexHeader {
  beginTimestamp: number;
  endTimestamp: number;
  beginPhyOffset: number;
  endPhyOffset: number;
  slotCount: number;
  /** Number the next entry gets. */
  indexCount: number;
}

export function decodeIndexHeader(buffer: Buffer): IndexHeader {
  return {
    beginTimestamp: readInt64(buffer, 0),
    endTimestamp: readInt64(buffer, 8),
    beginPhyOffset: readInt64(buffer, 16),
    endPhyOffset: readInt64(buffer, 24),
    slotCount: buffer.readInt32BE(32),
    indexCount: Math.max(1, buffer.readInt32BE(36)),
  };
}

export function encodeIndexHeader(header: IndexHeader): Buffer {
  const buffer = Buffer.alloc(INDEX_HEADER_BYTES);
  writeInt64(buffer, header.beginTimestamp, 0);
  writeInt64(buffer, header.endTimestamp, 8);
  writeInt64(buffer, header.beginPhyOffset, 16);
  writeInt64(buffer, header.endPhyOffset, 24);
  buffer.writeInt32BE(header.slotCount, 32);
  buffer.writeInt32BE(header.indexCount, 36);
  return buffer;
}

/** One entry. */
export interface IndexEntry {
  readonly hash: number;
  readonly physicalOffset: number;
  readonly seconds: number;
  readonly previous: number;
}

export function decodeIndexEntry(buffer: Buffer, position: number): IndexEntry {
  return {
    hash: buffer.readInt32BE(position),
    physicalOffset: readInt64(buffer, position + 4),
    seconds: buffer.readInt32BE(position + 12),
    previous: buffer.readInt32BE(position + 16),
  };
}

export function encodeIndexEntry(target: Buffer, position: number, hash: number, physicalOffset: number, seconds: number, previous: number): void {
  target.writeInt32BE(hash, position);
  writeInt64(target, physicalOffset, position + 4);
  target.writeInt32BE(seconds, position + 12);
  target.writeInt32BE(previous, position + 16);
}

/** The hash a file keeps of a Java hash code. */
export function indexHash(javaHash: number): number {
  return javaHash === -2147483648 ? 0 : Math.abs(javaHash);
}
