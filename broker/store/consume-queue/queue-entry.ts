/*
 * One entry of a consume queue, 20 bytes, big-endian. Apache: ConsumeQueue.java
 *
 *   0   i64  physical offset of the record
 *   8   i32  size of the record
 *   12  i64  tags code: Java hash of the tag, sign-extended; or the delivery time (ms) in the schedule topic
 *
 * A queue whose first file does not begin with its first message starts with entries { 0, 0x7FFFFFFF, 0 }.
 */

import { readInt64, writeInt64 } from '../../../lib/protocol/message/int64.js';

export const ENTRY_BYTES = 20;

/** Size field of the entries that fill up a first file. */
export const FILLER_SIZE = 0x7fffffff;

export function writeEntry(target: Buffer, position: number, physicalOffset: number, size: number, tagsCode: number): void {
  writeInt64(target, physicalOffset, position);
  target.writeInt32BE(size, position + 8);
  writeInt64(target, tagsCode, position + 12);
}

export function entryPhysicalOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position);
}

export function entrySize(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position + 8);
}

/** Exact within ±2^53, which covers hashes and times; addresses of extension units (near -2^63) come out rounded. */
export function entryTagsCode(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + 12);
}

/** Whether the bytes are an entry at all; a queue ends before the first that is not. Apache: ConsumeQueue.java, recover */
export function isEntry(buffer: Buffer, position: number): boolean {
  return entryPhysicalOffset(buffer, position) >= 0 && entrySize(buffer, position) > 0;
}

/** Whether it is a filler: part of the file, but of no message. */
export function isFiller(buffer: Buffer, position: number): boolean {
  return entrySize(buffer, position) === FILLER_SIZE && entryPhysicalOffset(buffer, position) === 0;
}

/**
 * Whether a tags code is the address of a unit in Apache's `consumequeue_ext`: nothing can be told from it without that
 * file, so the entry passes every filter on tags. Apache: ConsumeQueueExt.java, MAX_ADDR
 */
export function isExtensionAddress(tagsCode: number): boolean {
  return tagsCode < -2147483648;
}
