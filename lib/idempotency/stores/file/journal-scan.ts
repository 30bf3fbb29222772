import { RocketMqError } from '../../../errors/rocketmq-error.js';
import type { OpenFile } from '../../../runtime/file-system.js';
import { bodyLengthOf, decodeEntry, FILE_HEADER, isIntact, PREFIX_BYTES, RECORD_MARKER, type DecodedEntry } from './record-codec.js';
import type { RecordPlace } from './key-index.js';

const WINDOW_BYTES = 1024 * 1024;

/** A record found by a scan. `bytes` is only valid until the next one is asked for. */
export interface ScannedRecord extends RecordPlace {
  readonly bytes: Buffer;
  readonly decoded: DecodedEntry;
}

/** Part of a file, read in windows; one buffer for all of them. */
class Window {
  #buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  #start = 0;
  #filled = 0;

  constructor(
    private readonly file: OpenFile,
    private readonly end: number,
  ) {}

  /** `length` bytes from `position`; `undefined` when the file ends before. */
  bytes(position: number, length: number): Buffer | undefined {
    if (position + length > this.end) return undefined;
    if (position < this.#start || position + length > this.#start + this.#filled) this.#load(position, length);
    const from = position - this.#start;
    return from + length <= this.#filled ? this.#buffer.subarray(from, from + length) : undefined;
  }

  /** Position of the next record marker at or after `position`. */
  nextMarker(position: number): number | undefined {
    for (let at = position; at + RECORD_MARKER.length <= this.end; ) {
      const length = Math.min(WINDOW_BYTES, this.end - at);
      const found = this.bytes(at, length)?.indexOf(RECORD_MARKER) ?? -1;
      if (found >= 0) return at + found;
      // The marker may lie across the border of two windows.
      at += Math.max(1, length - RECORD_MARKER.length + 1);
    }
    return undefined;
  }

  #load(position: number, length: number): void {
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(length);
    this.#start = position;
    this.#filled = this.file.read(this.#buffer, 0, Math.min(this.#buffer.length, this.end - position), position);
  }
}

/** Yields the records of `[from, end)` in order and returns the position behind the last intact one. */
export function* scanRecords(file: OpenFile, from: number, end: number): Generator<ScannedRecord, number> {
  const window = new Window(file, end);
  let position = from;
  for (let record = recordAt(window, position); record; record = recordAt(window, position)) {
    yield record;
    position += record.length;
  }
  return position;
}

/** Reads one record whose place is known. Throws `STORE_CORRUPT` when it is no longer intact. */
export function readRecord(file: OpenFile, place: RecordPlace, path: string): DecodedEntry {
  const bytes = Buffer.allocUnsafe(place.length);
  const got = file.read(bytes, 0, place.length, place.position);
  if (got !== place.length || bodyLengthOf(bytes) !== place.length - PREFIX_BYTES || !isIntact(bytes)) throw damaged(path, place.position);
  return decodeEntry(bytes);
}

/**
 * Whether anything behind `broken` proves that the bytes there had once been synced: then they were damaged later and
 * hold acknowledged records; else they are what a crash left of unfinished writes.
 */
export function wasSyncedOnce(file: OpenFile, broken: number, end: number): boolean {
  const window = new Window(file, end);
  for (let at = window.nextMarker(broken + 1); at !== undefined; at = window.nextMarker(at + 1)) {
    const record = recordAt(window, at);
    if (record && record.decoded.syncedTo > broken) return true;
  }
  return false;
}

/** Throws `STORE_CORRUPT` unless the file begins as a journal of a version we know. */
export function checkFileHeader(file: OpenFile, path: string): void {
  const header = Buffer.alloc(FILE_HEADER.length);
  file.read(header, 0, header.length, 0);
  if (header.equals(FILE_HEADER)) return;
  const known = header.subarray(0, 8).equals(FILE_HEADER.subarray(0, 8));
  const what = known ? `format version ${header.readUInt32BE(8)}, this program knows version 1` : 'no idempotency journal';
  throw new RocketMqError('STORE_CORRUPT', `${path} is ${what}; choose another path or the program version that wrote it`, { details: { path } });
}

/** The error for bytes that were good once. */
export function damaged(path: string, position: number): RocketMqError {
  return new RocketMqError(
    'STORE_CORRUPT',
    `the idempotency journal ${path} is damaged at byte ${position}, before intact records; restore it from a backup, or move it away and accept that work recorded in it may be done again`,
    { details: { path, position } },
  );
}

function recordAt(window: Window, position: number): ScannedRecord | undefined {
  const prefix = window.bytes(position, PREFIX_BYTES);
  const bodyLength = prefix && bodyLengthOf(prefix);
  if (bodyLength === undefined) return undefined;
  const bytes = window.bytes(position, PREFIX_BYTES + bodyLength);
  if (!bytes || !isIntact(bytes)) return undefined;
  return { position, length: bytes.length, bytes, decoded: decodeEntry(bytes) };
}
