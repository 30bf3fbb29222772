import type { HostAddress } from '../../lib/protocol/message/message.js';

/** A message on its way into the commit log. */
export interface MessageToStore {
  readonly topic: string;
  readonly queueId: number;
  readonly flag: number;
  /** Bits of `message-sys-flag.ts`; the host address bits are set by the store. */
  readonly sysFlag: number;
  readonly bornTimestamp: number;
  readonly bornHost: HostAddress;
  readonly storeHost: HostAddress;
  readonly reconsumeTimes: number;
  /** Commit-log offset of the half message for a committed transaction, else 0. */
  readonly preparedTransactionOffset: number;
  /** Body as it is to be stored (compressed bodies stay compressed). */
  readonly body: Uint8Array;
  /** Properties in their wire form (`name \x01 value \x02 …`); the store reads TAGS, KEYS, UNIQ_KEY and WAIT from it. */
  readonly properties: string;
}

/** Several messages for one queue in the batch wire form (`batch-codec.ts`); stored as that many ordinary records, all or none. */
export interface BatchToStore extends Omit<MessageToStore, 'body'> {
  /** Elements `{i32 size, i32 magic, i32 crc, i32 flag, i32 bodyLength, body, i16 propertiesLength, properties}`. */
  readonly batchBody: Buffer;
}

/** How far an append got before its promise settled. All of these mean: stored. */
export type AppendStatus = 'PUT_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE';

/** Where an append landed. */
export interface AppendResult {
  readonly status: AppendStatus;
  /** Commit-log position of the (first) record. */
  readonly physicalOffset: number;
  /** Commit-log positions of all records of a batch; absent for a single message. */
  readonly physicalOffsets?: readonly number[];
  /** Queue offset of the (first) record. */
  readonly queueOffset: number;
  readonly storeTimestamp: number;
  /** Number of records. */
  readonly messageCount: number;
  /** Bytes of all records. */
  readonly storeSize: number;
}

/** One 20-byte entry of a consume queue. */
export interface QueueEntry {
  readonly queueOffset: number;
  readonly physicalOffset: number;
  readonly size: number;
  /** Hash of the tag, or delivery time (ms) in the schedule topic. */
  readonly tagsCode: number;
}

/** Decides which messages a reader gets; both tests must pass. */
export interface MessageFilter {
  /** Cheap test on the consume-queue entry; `false` skips the record without reading it. */
  matchesTagsCode(tagsCode: number): boolean;
  /** Test on the stored record, for filters that need properties. */
  matchesRecord?(record: Buffer): boolean;
}

/** What to read. */
export interface ReadRequest {
  readonly topic: string;
  readonly queueId: number;
  /** First queue offset wanted. */
  readonly offset: number;
  readonly maxMessages: number;
  /** Upper bound of the returned bytes; at least one message is returned all the same. Default: the store's limits. */
  readonly maxBytes?: number;
  readonly filter?: MessageFilter;
}

/** Why a read returned what it did. Apache: GetMessageStatus.java. */
export type ReadStatus =
  | 'FOUND'
  | 'NO_MATCHED_MESSAGE'
  | 'MESSAGE_WAS_REMOVING'
  | 'OFFSET_FOUND_NULL'
  | 'OFFSET_OVERFLOW_BADLY'
  | 'OFFSET_OVERFLOW_ONE'
  | 'OFFSET_TOO_SMALL'
  | 'NO_MATCHED_LOGIC_QUEUE'
  | 'NO_MESSAGE_IN_QUEUE';

/** Result of a read. */
export interface ReadResult {
  readonly status: ReadStatus;
  /** Queue offset to ask for next; already past entries that the filter refused. */
  readonly nextBeginOffset: number;
  readonly minOffset: number;
  readonly maxOffset: number;
  /** Stored records in queue order, maybe several per buffer; concatenated they are the response body. Not to be kept: they may share memory with the log's tail. */
  readonly records: readonly Buffer[];
  readonly messageCount: number;
  readonly totalBytes: number;
  /** The reader is so far behind that it should read from a slave. */
  readonly behindMemory: boolean;
}

/** Told once per stored record, after it can be read from its queue. */
export interface MessageArrival {
  readonly topic: string;
  readonly queueId: number;
  /** Offset behind the new message, i.e. the queue's max offset then. */
  readonly nextQueueOffset: number;
  readonly tagsCode: number;
  readonly storeTimestamp: number;
}

/** Which end of equal timestamps a search by time means. Apache: BoundaryType.java. */
export type TimeBoundary = 'LOWER' | 'UPPER';

/**
 * The message store as the rest of the broker sees it: one commit log with its derived views. Calls are made from one
 * event loop; none of them blocks on a disk sync.
 */
export interface MessageStore {
  /** Locks the directory, recovers, and makes the store ready. @throws RocketMqError `STORE_LOCKED`, `STORE_CORRUPT`, `CONFIG_INVALID` */
  open(): Promise<void>;
  /** Appends one message. Settles when the durability the store is configured for is reached. @throws RocketMqError `MESSAGE_ILLEGAL`, `STORE_WRITE_FAILED`, `STORE_CLOSED` */
  append(message: MessageToStore): Promise<AppendResult>;
  /** Appends a batch as consecutive records of one queue, all or none. Errors as {@link append}. */
  appendBatch(batch: BatchToStore): Promise<AppendResult>;
  /** Reads from a queue; synchronous while the data is in memory, else a promise. */
  read(request: ReadRequest): ReadResult | Promise<ReadResult>;
  /** Entries of a queue from an offset on, at most `maxEntries`. Empty when there are none. */
  readEntries(topic: string, queueId: number, offset: number, maxEntries: number): readonly QueueEntry[];
  /** The record at a commit-log position; `undefined` when there is no valid record. */
  readAt(physicalOffset: number): Buffer | undefined | Promise<Buffer | undefined>;
  /** Records whose KEYS or UNIQ_KEY contain `key`, stored within [beginMs, endMs], oldest first. */
  queryByKey(topic: string, key: string, maxMessages: number, beginMs: number, endMs: number): Promise<readonly Buffer[]>;
  /** First readable offset of a queue; 0 when it has none. */
  minOffset(topic: string, queueId: number): number;
  /** Offset the next message of a queue will get. */
  maxOffset(topic: string, queueId: number): number;
  /** Queue offset by store time, clamped to [min, max]. */
  offsetAt(topic: string, queueId: number, timestampMs: number, boundary?: TimeBoundary): number | Promise<number>;
  /** Store time of the first readable message of a queue; -1 when empty. */
  earliestStoreTime(topic: string, queueId: number): number | Promise<number>;
  /** Store time of one message by queue offset; -1 when not readable. */
  storeTimeAt(topic: string, queueId: number, queueOffset: number): number | Promise<number>;
  /** Drops the consume queues of a topic; its records stay in the log until they expire. */
  deleteTopic(topic: string): void;
  /** Registers for {@link MessageArrival}; returns the function that ends it. */
  onMessageArrived(listener: (arrival: MessageArrival) => void): () => void;
  /** Facts for health, metrics and the runtime-info command. */
  status(): StoreStatus;
  /** Flushes everything, marks the clean stop, releases the lock. Appends in flight settle first. */
  close(): Promise<void>;
}

/** Facts about a running store. */
export interface StoreStatus {
  readonly writable: boolean;
  /** Why it is not writable. */
  readonly problem?: string;
  readonly commitLogMinOffset: number;
  readonly commitLogMaxOffset: number;
  /** Bytes written but not synced. */
  readonly unflushedBytes: number;
  /** Bytes stored but not dispatched to the derived views. */
  readonly dispatchBehindBytes: number;
  /** Used share of the disk that holds the commit log, 0 to 1. */
  readonly diskUsedRatio: number;
}
