import { MIN_RECORD_BYTES, recordSizeAt, storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { LogReader } from '../commit-log/log-reader.js';
import type { Located } from '../commit-log/read-ahead-cache.js';
import { BLANK_BYTES, examine } from '../commit-log/record-examiner.js';

/** Told of each record. */
export type FollowVisitor = (buffer: Buffer, position: number, physicalOffset: number, storeTimestamp: number) => void;

/** Bytes looked at in one go. */
const STRETCH_BYTES = 1024 * 1024;

/** Walks the log behind its writer, in short steps: at once while the records are in memory, else by large reads off the event loop. */
export class IndexFollower {
  #offset: number;

  constructor(
    private readonly log: LogReader,
    /** How far it may go. */
    private readonly limit: () => number,
    private readonly visit: FollowVisitor,
    start: number,
  ) {
    this.#offset = start;
  }

  /** Everything below was visited. */
  get offset(): number {
    return this.#offset;
  }

  get behind(): number {
    return this.limit() - Math.max(this.#offset, this.log.start);
  }

  /** Visits what is in memory, for at most `recordsMax` records. Returns whether it stopped for want of memory. */
  step(recordsMax: number): boolean {
    this.#skipRemoved();
    for (let count = 0; count < recordsMax && this.#offset < this.limit(); count++) {
      const head = this.log.find(this.#offset, BLANK_BYTES);
      if (!head) return true;
      if (!this.#visitOne(head)) return true;
    }
    return false;
  }

  /** As {@link step}, but loads what is missing. @throws the system's error */
  async stepFromDisk(recordsMax: number): Promise<void> {
    this.#skipRemoved();
    if (this.#offset >= this.limit()) return;
    const head = await this.log.load(this.#offset, Math.min(MIN_RECORD_BYTES, this.#bytesLeft()));
    if (!head) return;
    const size = recordSizeAt(head.buffer, head.position);
    if (size > STRETCH_BYTES) await this.log.load(this.#offset, Math.min(size, this.#bytesLeft()));
    if (this.step(recordsMax) && this.#offset < this.limit()) await this.#visitLoaded();
  }

  /** A record that is in memory in one piece nowhere is loaded for itself. */
  async #visitLoaded(): Promise<void> {
    const at = this.#offset;
    const head = await this.log.load(this.#offset, Math.min(MIN_RECORD_BYTES, this.#bytesLeft()));
    if (!head || this.#offset !== at) return;
    const size = Math.max(BLANK_BYTES, Math.min(recordSizeAt(head.buffer, head.position), this.#bytesLeft()));
    const whole = examineHead(head) === 'BLANK' ? head : await this.log.load(this.#offset, size);
    // Someone else may have come along meanwhile: then these bytes are of a record that was visited.
    if (whole && this.#offset === at) this.#visitOne(whole, true);
  }

  #visitOne(place: Located, complete = false): boolean {
    const { buffer, position } = place;
    if (examineHead(place) === 'BLANK') {
      this.#offset = this.log.nextFileStart(this.#offset);
      return true;
    }
    const size = recordSizeAt(buffer, position);
    const record = complete ? place : this.log.find(this.#offset, Math.max(size, MIN_RECORD_BYTES));
    if (!record && this.log.holds(this.#offset, size) && size >= MIN_RECORD_BYTES) return false;
    const isSound = record && examine(record.buffer, record.position, record.position + size, this.#offset, false) === 'RECORD';
    if (!isSound) {
      // Damage in the middle of the log: what follows cannot be found by walking; the next file can.
      this.#offset = this.log.nextFileStart(this.#offset);
      return true;
    }
    this.visit(record.buffer, record.position, this.#offset, storeTimestampAt(record.buffer, record.position));
    this.#offset += size;
    return true;
  }

  #skipRemoved(): void {
    if (this.#offset < this.log.start) this.#offset = this.log.start;
  }

  #bytesLeft(): number {
    return Math.min(this.limit(), this.log.nextFileStart(this.#offset)) - this.#offset;
  }
}

function examineHead(place: Located): string {
  return examine(place.buffer, place.position, place.position + BLANK_BYTES, 0, false);
}
