import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { javaHashCode } from '../../../lib/protocol/message/tags-code.js';
import { MIN_RECORD_BYTES, recordSizeAt, storeTimestampAt } from '../../../lib/protocol/message/stored-message-codec.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import type { LogReader } from '../commit-log/log-reader.js';
import { IndexFollower } from './index-follower.js';
import type { IndexFile } from './index-file.js';
import type { IndexFiles } from './index-files.js';
import { indexHash } from './index-header.js';
import type { KeyIndex } from './key-index.js';
import { RecordKeys } from './record-keys.js';

/** What the table works with. */
export interface IndexParts {
  readonly files: IndexFiles;
  readonly log: LogReader;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far the log is published. */
  readonly limit: () => number;
  /** Lets other work go on; ends at once when the signal is aborted. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
}

/** Where the index stands at start. */
export interface IndexStart {
  /** Everything below is indexed; -1 when unknown: then it is found out from the newest file. */
  readonly indexedOffset: number;
  /** Whether the last stop was none, so that files may hold more, or less, than they say. */
  readonly afterCrash: boolean;
  /** Records stored up to then are in files that are full and synced. */
  readonly fullFilesTimestamp: number;
}

/** Records indexed between two looks at the clock; about half a millisecond. */
const RECORDS_PER_STEP = 1000;
/** Longest time one call of `follow` takes, ms. */
const FOLLOW_MS_MAX = 3;
/** Most bytes of the log that are indexed at a stop; the next start goes on with the rest. */
const CLOSE_BYTES_MAX = 256 * 1024 * 1024;
/** Most bytes of the log that are indexed before a query is answered, so that it finds what was stored just now. */
const QUERY_BYTES_MAX = 16 * 1024 * 1024;
/** Candidates read per message wanted: different keys may share a hash. */
const CANDIDATES_PER_MESSAGE = 4;

/** The index by key: follows the log behind the hot path, and answers queries. */
export class IndexTable implements KeyIndex {
  readonly #keys = new RecordKeys();
  #follower: IndexFollower;
  #fullFilesTimestamp: number;
  #loading: Promise<void> | undefined;
  #rebuilding: Promise<void> | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #failed = false;
  readonly #stop = new AbortController();

  private constructor(
    private readonly parts: IndexParts,
    private readonly messagesMax: number,
    start: IndexStart,
  ) {
    this.#fullFilesTimestamp = start.fullFilesTimestamp;
    this.#follower = this.#followFrom(0);
  }

  /** Loads the files and brings them to a state that is true; what is missing is indexed afterwards, in the background. */
  static open(parts: IndexParts, messagesMax: number, start: IndexStart): IndexTable {
    const table = new IndexTable(parts, messagesMax, start);
    parts.files.load();
    if (start.afterCrash && start.indexedOffset < 0) table.#dropUnsafeFiles();
    table.#follower = table.#followFrom(table.#startOffset(start));
    if (start.afterCrash) table.#rebuilding = table.#rebuild(Math.max(0, start.indexedOffset)).finally(() => (table.#rebuilding = undefined));
    return table;
  }

  get isBehind(): boolean {
    return !this.#failed && this.#follower.behind > 0;
  }

  get indexedOffset(): number {
    return this.#follower.offset;
  }

  follow(): void {
    if (this.#rebuilding || this.#loading || this.#failed || this.#stop.signal.aborted) return;
    const { clock } = this.parts;
    const started = clock.monotonic();
    try {
      while (this.#follower.behind > 0 && clock.monotonic() - started < FOLLOW_MS_MAX) {
        if (!this.#follower.step(RECORDS_PER_STEP)) continue;
        this.#loading = this.#catchUp().finally(() => (this.#loading = undefined));
        return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async query(topic: string, key: string, maxMessages: number, beginMs: number, endMs: number): Promise<readonly Buffer[]> {
    await this.#rebuilding;
    await this.#catchUpNow(QUERY_BYTES_MAX);
    const most = Math.min(maxMessages, this.messagesMax);
    const hash = indexHash(javaHashCode(`${topic}#${key}`));
    const found = new Map<number, Buffer>();
    for (const file of this.parts.files.all.toReversed()) {
      if (found.size >= most) break;
      if (!file.overlaps(beginMs, endMs)) continue;
      for (const offset of await file.find(hash, beginMs, endMs, most * CANDIDATES_PER_MESSAGE)) {
        if (found.size >= most || found.has(offset)) continue;
        const record = await this.parts.log.recordAt(offset);
        if (record && isWanted(record, topic, key, beginMs, endMs)) found.set(offset, Buffer.from(record));
      }
    }
    return [...found].sort(([a], [b]) => a - b).map(([, record]) => record);
  }

  /** One at a time: a second one beside it would take for synced what the first is still writing. */
  sync(): Promise<{ readonly offset: number; readonly fullFilesTimestamp: number }> {
    const syncing = this.#syncing.then(() => this.#sync());
    this.#syncing = syncing.then(
      () => undefined,
      () => undefined,
    );
    return syncing;
  }

  async #sync(): Promise<{ readonly offset: number; readonly fullFilesTimestamp: number }> {
    await this.#rebuilding;
    const offset = this.#follower.offset;
    for (const file of this.parts.files.all) {
      if (!file.isChanged) continue;
      await file.sync();
      if (file.isFull) this.#fullFilesTimestamp = Math.max(this.#fullFilesTimestamp, file.header.endTimestamp);
    }
    for (const file of this.parts.files.all) file.release();
    return { offset, fullFilesTimestamp: this.#fullFilesTimestamp };
  }

  removeBelow(physicalOffset: number): void {
    for (const file of this.parts.files.all.slice(0, -1)) {
      if (file.header.endPhyOffset < physicalOffset) this.parts.files.remove(file);
    }
  }

  async close(): Promise<void> {
    await this.#rebuilding;
    this.#stop.abort();
    await this.#loading;
    await this.#catchUpNow(CLOSE_BYTES_MAX);
    if (!this.#failed) await this.sync();
    this.parts.files.close();
  }

  /** Indexes all there is, unless that is more than `bytesMax`. */
  async #catchUpNow(bytesMax: number): Promise<void> {
    try {
      while (!this.#failed && this.#follower.behind > 0 && this.#follower.behind <= bytesMax) {
        const before = this.#follower.offset;
        await this.#follower.stepFromDisk(RECORDS_PER_STEP);
        if (this.#follower.offset === before) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #followFrom(offset: number): IndexFollower {
    return new IndexFollower(this.parts.log, this.parts.limit, (...record) => this.#add(...record), offset);
  }

  #add(buffer: Buffer, position: number, physicalOffset: number, storeTimestamp: number): void {
    const { files, clock } = this.parts;
    if (!files.newest) files.create(clock.now());
    this.#keys.forEachHash(buffer, position, (hash) => {
      let file = files.newest as IndexFile;
      if (file.isFull) file = files.create(clock.now());
      file.put(hash, physicalOffset, storeTimestamp);
    });
  }

  /** Works through what is no longer in memory, a step at a time. */
  async #catchUp(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted && this.#follower.behind > 0) {
        const before = this.#follower.offset;
        await this.#follower.stepFromDisk(RECORDS_PER_STEP);
        if (this.#follower.offset === before) break;
        await this.parts.pause(this.#stop.signal);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #rebuild(indexedOffset: number): Promise<void> {
    const { files } = this.parts;
    try {
      let file = files.newest;
      while (file && (await file.rebuild(indexedOffset || this.#follower.offset)) === 0) {
        files.remove(file);
        file = files.newest;
      }
      if (file) await this.#noteEndTime(file);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #noteEndTime(file: IndexFile): Promise<void> {
    const head = await this.parts.log.load(file.header.endPhyOffset, MIN_RECORD_BYTES);
    if (head) file.header.endTimestamp = storeTimestampAt(head.buffer, head.position);
  }

  /** Without exact offsets only full files are known to be synced. Apache: IndexService.java, load */
  #dropUnsafeFiles(): void {
    for (const file of Array.from(this.parts.files.all)) {
      if (file.header.endTimestamp > this.#fullFilesTimestamp) this.parts.files.remove(file);
    }
  }

  /** Where to go on: behind the newest indexed record. Without files everything is indexed anew. */
  #startOffset(start: IndexStart): number {
    const newest = this.parts.files.newest;
    if (!newest) return 0;
    if (start.indexedOffset >= 0) return Math.min(start.indexedOffset, this.parts.limit());
    const offset = newest.header.endPhyOffset;
    const head = newest.header.indexCount > 1 ? this.parts.log.readNow(offset, MIN_RECORD_BYTES) : undefined;
    return head ? offset + recordSizeAt(head.buffer, head.position) : offset;
  }

  /** The index is a convenience: when its disk fails the store goes on without it until the next start. */
  #fail(error: unknown): void {
    this.#failed = true;
    this.parts.logger.error('the index cannot be built any more; queries by key find only what it holds so far', {
      error: new RocketMqError('STORE_WRITE_FAILED', `the index failed: ${String(error)}`, { cause: error }),
    });
  }
}

function isWanted(record: Buffer, topic: string, key: string, beginMs: number, endMs: number): boolean {
  const time = storeTimestampAt(record, 0);
  return time >= beginMs && time <= endMs && RecordKeys.has(record, topic, key);
}
