import type { OpenFile } from '../../../runtime/file-system.js';
import { isCurrent } from '../../key-state.js';
import type { IdempotencyRecord } from '../../idempotency-store.js';
import type { JournalOperation } from './journal.js';
import { readRecord, type ScannedRecord } from './journal-scan.js';
import { hashOf, KeyIndex, type RecordPlace } from './key-index.js';
import type { JournalEntry } from './record-codec.js';

/** A state of a key that is held in memory: in progress, or changed by an operation that is not written yet. */
interface ActiveKey {
  /** `undefined`: forgotten. */
  readonly record: IdempotencyRecord | undefined;
  /** Where the key's latest written record lies; one object for all its states that follow each other in memory. */
  readonly onDisk: { place: RecordPlace | undefined };
  /** Whether this state is written; else {@link writing} says when. */
  written: boolean;
  writing?: Promise<void>;
}

/** A record as found, with what to wait for before anything may be answered from it. */
export interface FoundKey {
  readonly record: IdempotencyRecord | undefined;
  readonly writing: Promise<void> | undefined;
}

/**
 * What the journal says of every key, in memory: keys at work as they are (there are few), settled ones as places in
 * the journal (there may be millions). A key is in one of the two.
 */
export class KeyTable {
  readonly #active = new Map<string, ActiveKey>();
  readonly #settled = new KeyIndex();
  #liveBytes = 0;
  #lastToken = 0;
  #purgeCursor = 0;

  constructor(
    private readonly path: string,
    private readonly seed: number,
  ) {}

  /** Keys of all states. */
  get size(): number {
    return this.#active.size + this.#settled.size;
  }

  /** Bytes of the journal that a compaction would keep. */
  get liveBytes(): number {
    return this.#liveBytes;
  }

  /** The greatest token given so far. */
  get lastToken(): number {
    return this.#lastToken;
  }

  /** Memory of the index of settled keys, bytes. */
  get indexBytes(): number {
    return this.#settled.byteLength;
  }

  /** Looks a key up; reads the journal when it is settled. */
  find(file: OpenFile, scope: string, key: string): FoundKey {
    const active = this.#active.get(idOf(scope, key));
    if (active) return { record: active.record, writing: active.written ? undefined : active.writing };
    return { record: this.#findSettled(file, scope, key)?.record, writing: undefined };
  }

  /**
   * Puts the state that `entry` describes in place and returns the operation to be appended, which settles it when
   * written and takes it back when not. {@link markWriting} must follow at once.
   */
  change(file: OpenFile, scope: string, key: string, entry: Exclude<JournalEntry, { kind: 'mark' }>): JournalOperation {
    const id = idOf(scope, key);
    const before = this.#active.get(id) ?? this.#unsettle(file, scope, key);
    const now: ActiveKey = {
      record: entry.kind === 'state' ? entry.record : undefined,
      onDisk: before?.onDisk ?? { place: undefined },
      written: false,
    };
    this.#active.set(id, now);
    this.#noteToken(entry.kind === 'state' ? entry.record.token : entry.token);
    return {
      entry,
      settle: (place) => this.#settle(id, now, now.record && place),
      undo: () => {
        if (!before) this.#active.delete(id);
        else if (before.written) this.#keep(id, before.record, before.onDisk.place);
        else this.#active.set(id, before);
      },
    };
  }

  /** Says what to wait for until the key's latest change is written. */
  markWriting(scope: string, key: string, writing: Promise<void>): void {
    const active = this.#active.get(idOf(scope, key));
    if (active) active.writing = writing;
  }

  /** Takes over a record read from the journal, at start or into a compacted file. */
  apply(file: OpenFile, scanned: ScannedRecord, nowMs: number): void {
    const { entry } = scanned.decoded;
    this.#noteToken(entry.kind === 'state' ? entry.record.token : entry.token);
    if (entry.kind === 'mark') return;
    const { scope, key } = entry.kind === 'state' ? entry.record : entry;
    const id = idOf(scope, key);
    const before = this.#active.get(id) ?? this.#unsettle(file, scope, key);
    this.#active.delete(id);
    this.#liveBytes -= before?.onDisk.place?.length ?? 0;
    if (entry.kind === 'forgotten' || !isCurrent(entry.record, nowMs)) return;
    const place = { position: scanned.position, length: scanned.length };
    this.#liveBytes += place.length;
    this.#keep(id, entry.record, place);
  }

  /** Whether the record at this position is its key's latest written one. */
  isLive(scanned: ScannedRecord): boolean {
    const { entry } = scanned.decoded;
    if (entry.kind !== 'state') return false;
    const { scope, key } = entry.record;
    const active = this.#active.get(idOf(scope, key));
    if (active) return active.onDisk.place?.position === scanned.position;
    return this.#settled.find(hashOf(scope, key, this.seed), (place) => place.position === scanned.position) !== undefined;
  }

  /** Drops up to `limit` expired keys; how many. Nothing is written: expired records are skipped when read again. */
  purge(nowMs: number, limit: number): number {
    const { removed, cursor } = this.#settled.removeExpired(nowMs, limit, this.#purgeCursor);
    this.#purgeCursor = cursor;
    for (const place of removed) this.#liveBytes -= place.length;
    let count = removed.length;
    for (const [id, active] of this.#active) {
      if (count >= limit) break;
      if (!active.written || isCurrent(active.record, nowMs)) continue;
      this.#active.delete(id);
      this.#liveBytes -= active.onDisk.place?.length ?? 0;
      count += 1;
    }
    return count;
  }

  #settle(id: string, now: ActiveKey, place: RecordPlace | undefined): void {
    this.#liveBytes += (place?.length ?? 0) - (now.onDisk.place?.length ?? 0);
    now.onDisk.place = place;
    now.written = true;
    // Changed again meanwhile: the later change settles the key.
    if (this.#active.get(id) === now) this.#keep(id, now.record, place);
  }

  #keep(id: string, record: IdempotencyRecord | undefined, place: RecordPlace | undefined): void {
    this.#active.delete(id);
    if (!record || !place) return;
    if (record.state === 'in-progress') this.#active.set(id, { record, onDisk: { place }, written: true });
    else this.#settled.add(hashOf(record.scope, record.key, this.seed), place, record.expiresAtMs);
  }

  #findSettled(file: OpenFile, scope: string, key: string): { record: IdempotencyRecord; place: RecordPlace } | undefined {
    let record: IdempotencyRecord | undefined;
    const place = this.#settled.find(hashOf(scope, key, this.seed), (candidate) => {
      const { entry } = readRecord(file, candidate, this.path);
      if (entry.kind !== 'state' || entry.record.scope !== scope || entry.record.key !== key) return false;
      record = entry.record;
      return true;
    });
    return place && record && { record, place };
  }

  /** Takes a settled key out of the index, to be changed. */
  #unsettle(file: OpenFile, scope: string, key: string): ActiveKey | undefined {
    const found = this.#findSettled(file, scope, key);
    if (!found) return undefined;
    this.#settled.remove(hashOf(scope, key, this.seed), found.place.position);
    return { record: found.record, onDisk: { place: found.place }, written: true };
  }

  #noteToken(token: number): void {
    if (token > this.#lastToken) this.#lastToken = token;
  }
}

function idOf(scope: string, key: string): string {
  return `${scope}\0${key}`;
}
