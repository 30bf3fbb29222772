import type { FileSystem, OpenFile } from '../../../runtime/file-system.js';
import { isCurrent } from '../../key-state.js';
import type { KeyTable } from './key-table.js';
import { scanRecords, type ScannedRecord } from './journal-scan.js';
import { encodeEntry, FILE_HEADER } from './record-codec.js';

/** Bytes looked at before the event loop gets its turn. */
const SLICE_BYTES = 256 * 1024;

/** The two tables of a compaction. */
export interface CompactionTables {
  /** Of the old file: says which records are live. */
  readonly from: KeyTable;
  /** Of the new file, empty at first: filled as records arrive there. */
  readonly to: KeyTable;
}

/**
 * Copies the live records of a journal into a new file while the old one goes on growing. {@link copyStep} is called
 * again and again, to where the old file reaches by then; the last calls happen in the turn in which the files are
 * exchanged, so nothing is missed. A record that is overridden after it was copied is overridden in the new file too,
 * because what overrides it is copied later.
 */
export class Compaction {
  readonly target: OpenFile;
  readonly #startedAt: number;
  #copiedTo = FILE_HEADER.length;
  #end = FILE_HEADER.length;

  constructor(
    fileSystem: FileSystem,
    readonly path: string,
    private readonly source: { readonly reader: OpenFile; readonly end: number },
    private readonly tables: CompactionTables,
    private readonly nowMs: number,
  ) {
    this.#startedAt = source.end;
    this.target = fileSystem.open(path, 'create');
  }

  /** Empties the new file and writes its beginning. */
  begin(): void {
    this.target.truncate(0);
    this.target.write([FILE_HEADER], 0);
  }

  /** Length of the new file. */
  get end(): number {
    return this.#end;
  }

  /** How much of the old file has been looked at. */
  get copiedTo(): number {
    return this.#copiedTo;
  }

  /** Copies from where the last call ended, at most one slice. */
  copyStep(): void {
    const sourceEnd = this.source.end;
    const wanted: ScannedRecord[] = [];
    const chunks: Buffer[] = [];
    const stop = Math.min(sourceEnd, this.#copiedTo + SLICE_BYTES);
    let position = this.#end;
    // Scans to the source's end, not to the slice's: a record may lie across the slice's border.
    for (const scanned of scanRecords(this.source.reader, this.#copiedTo, sourceEnd)) {
      this.#copiedTo = scanned.position + scanned.length;
      if (this.#isWanted(scanned)) {
        // As it is, with its statement about the old file's synced part: here that is true of everything before it too.
        const bytes = Buffer.from(scanned.bytes);
        chunks.push(bytes);
        wanted.push({ ...scanned, bytes, position, length: bytes.length });
        position += bytes.length;
      }
      if (this.#copiedTo >= stop) break;
    }
    if (chunks.length > 0) this.target.write(chunks, this.#end);
    this.#end = position;
    for (const copied of wanted) this.tables.to.apply(this.target, copied, this.nowMs);
  }

  /**
   * Ends the new file with the statement that all of it was synced, and makes that true. The mark also keeps the highest
   * token, whose key may be gone: later ones must still be greater.
   */
  seal(): void {
    const mark = encodeEntry({ kind: 'mark', token: this.tables.from.lastToken }, this.#end);
    this.target.write([mark], this.#end);
    this.target.syncNow();
    this.#end += mark.length;
  }

  #isWanted(scanned: ScannedRecord): boolean {
    const { entry } = scanned.decoded;
    // A key forgotten earlier has no live record to be copied; one forgotten meanwhile may have been copied already.
    return (entry.kind === 'forgotten' && scanned.position >= this.#startedAt) || (entry.kind === 'state' && isCurrent(entry.record, this.nowMs) && this.tables.from.isLive(scanned));
  }
}
