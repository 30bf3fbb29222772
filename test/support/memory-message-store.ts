import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import { iterateBatch } from '../../lib/protocol/message/batch-codec.js';
import { encodeRecordInto, propertiesAt, recordSizeOf, storeTimestampAt, topicAt } from '../../lib/protocol/message/stored-message-codec.js';
import { PROPERTY, propertyOf } from '../../lib/protocol/message/properties.js';
import { tagsCodeOf } from '../../lib/protocol/message/tags-code.js';
import { SYSTEM_TOPIC } from '../../lib/protocol/topic-names.js';
import type { Clock } from '../../lib/runtime/clock.js';
import { DelayLevels } from '../../broker/delay/delay-levels.js';
import type {
  AppendResult,
  AppendStatus,
  BatchToStore,
  MessageArrival,
  MessageStore,
  MessageToStore,
  QueueEntry,
  ReadRequest,
  ReadResult,
  ReadStatus,
  StoreStatus,
  TimeBoundary,
} from '../../broker/store/message-store.js';

/** A message store without a disk: as simple as its interface allows, for tests of what is built on it. */
export class MemoryMessageStore implements MessageStore {
  readonly #records = new Map<number, Buffer>();
  readonly #queues = new Map<string, QueueEntry[]>();
  readonly #firstOffsets = new Map<string, number>();
  readonly #listeners = new Set<(arrival: MessageArrival) => void>();
  readonly #levels = new DelayLevels();
  #end = 0;

  /** Status of the appends from now on. */
  appendStatus: AppendStatus = 'PUT_OK';
  /** While set, appends fail with it. */
  failure: RocketMqError | undefined;
  maxMessageSize = 4 * 1024 * 1024;
  /** Whether reads answer with promises, as they do when the data is on disk. */
  readsAsynchronously = false;
  behindMemory = false;

  constructor(private readonly clock: Clock) {}

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  append(message: MessageToStore): Promise<AppendResult> {
    return this.#store(message, [message]);
  }

  appendBatch(batch: BatchToStore): Promise<AppendResult> {
    const elements = iterateBatch(batch.batchBody);
    return this.#store(
      batch,
      elements.map(({ body, flag, properties }) => ({ ...batch, body, flag, properties: properties + batch.properties })),
    );
  }

  read(request: ReadRequest): ReadResult | Promise<ReadResult> {
    const result = this.#read(request);
    return this.readsAsynchronously ? Promise.resolve(result) : result;
  }

  readEntries(topic: string, queueId: number, offset: number, maxEntries: number): readonly QueueEntry[] {
    const min = this.minOffset(topic, queueId);
    if (offset < min) return [];
    return this.#queue(topic, queueId).slice(offset, offset + maxEntries);
  }

  readAt(physicalOffset: number): Buffer | undefined {
    return this.#records.get(physicalOffset);
  }

  queryByKey(topic: string, key: string, maxMessages: number, beginMs: number, endMs: number): Promise<readonly Buffer[]> {
    const found = [...this.#records.values()].filter((record) => {
      const properties = propertiesAt(record, 0);
      const keys = [...(propertyOf(properties, PROPERTY.KEYS) ?? '').split(' '), propertyOf(properties, PROPERTY.UNIQ_KEY)];
      const time = storeTimestampAt(record, 0);
      return topicAt(record, 0) === topic && keys.includes(key) && time >= beginMs && time <= endMs;
    });
    return Promise.resolve(found.slice(0, maxMessages));
  }

  minOffset(topic: string, queueId: number): number {
    return this.#firstOffsets.get(`${topic}@${queueId}`) ?? 0;
  }

  maxOffset(topic: string, queueId: number): number {
    return this.#queue(topic, queueId).length;
  }

  offsetAt(topic: string, queueId: number, timestampMs: number, boundary: TimeBoundary = 'LOWER'): number {
    const times = this.#queue(topic, queueId).map((entry) => this.#timeOf(entry));
    const index = boundary === 'LOWER' ? times.findIndex((time) => time >= timestampMs) : times.findIndex((time) => time > timestampMs) - 1;
    return index < 0 ? times.length : index;
  }

  earliestStoreTime(topic: string, queueId: number): number {
    return this.storeTimeAt(topic, queueId, this.minOffset(topic, queueId));
  }

  storeTimeAt(topic: string, queueId: number, queueOffset: number): number {
    const entry = this.#queue(topic, queueId)[queueOffset];
    return entry === undefined ? -1 : this.#timeOf(entry);
  }

  deleteTopic(topic: string): void {
    for (const key of [...this.#queues.keys()]) if (key.startsWith(`${topic}@`)) this.#queues.delete(key);
  }

  onMessageArrived(listener: (arrival: MessageArrival) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  status(): StoreStatus {
    return { writable: true, commitLogMinOffset: 0, commitLogMaxOffset: this.#end, unflushedBytes: 0, dispatchBehindBytes: 0, diskUsedRatio: 0.5 };
  }

  /** Makes the entries before `offset` unreadable, as expiry does. */
  expireBefore(topic: string, queueId: number, offset: number): void {
    this.#firstOffsets.set(`${topic}@${queueId}`, offset);
  }

  /** All records of a topic, queue by queue. */
  recordsOf(topic: string): Buffer[] {
    return [...this.#queues].filter(([key]) => key.startsWith(`${topic}@`)).flatMap(([, entries]) => entries.map((entry) => this.#record(entry)));
  }

  async #store(first: Omit<MessageToStore, 'body'>, messages: readonly MessageToStore[]): Promise<AppendResult> {
    if (this.failure !== undefined) throw this.failure;
    const tooLarge = messages.find(({ body }) => body.length > this.maxMessageSize);
    if (tooLarge !== undefined) throw new RocketMqError('MESSAGE_ILLEGAL', `the body has ${tooLarge.body.length} bytes`);
    const queueOffset = this.maxOffset(first.topic, first.queueId);
    const start = this.#end;
    const storeTimestamp = this.clock.now();
    const physicalOffsets = messages.map((message) => this.#write(message, storeTimestamp));
    await Promise.resolve();
    const messageCount = messages.length;
    const batch = messageCount > 1 ? { physicalOffsets } : {};
    return { status: this.appendStatus, physicalOffset: start, queueOffset, storeTimestamp, messageCount, storeSize: this.#end - start, ...batch };
  }

  #write(message: MessageToStore, storeTimestamp: number): number {
    const queue = this.#queue(message.topic, message.queueId);
    const physicalOffset = this.#end;
    const record = Buffer.alloc(recordSizeOf(message));
    encodeRecordInto(record, 0, { ...message, storeTimestamp, queueOffset: queue.length, physicalOffset });
    this.#records.set(physicalOffset, record);
    this.#end += record.length;
    queue.push({ queueOffset: queue.length, physicalOffset, size: record.length, tagsCode: this.#tagsCodeOf(message, storeTimestamp) });
    const { topic, queueId } = message;
    const entry = queue[queue.length - 1];
    const arrival = { topic, queueId, nextQueueOffset: queue.length, tagsCode: entry.tagsCode, storeTimestamp };
    for (const listener of this.#listeners) listener(arrival);
    return physicalOffset;
  }

  #tagsCodeOf(message: MessageToStore, storeTimestamp: number): number {
    if (message.topic === SYSTEM_TOPIC.SCHEDULE) return storeTimestamp + this.#levels.delayMs(message.queueId + 1);
    return tagsCodeOf(propertyOf(message.properties, PROPERTY.TAGS));
  }

  #read({ topic, queueId, offset, maxMessages, filter }: ReadRequest): ReadResult {
    const minOffset = this.minOffset(topic, queueId);
    const maxOffset = this.maxOffset(topic, queueId);
    const none = (status: ReadStatus, nextBeginOffset: number): ReadResult => {
      return { status, nextBeginOffset, minOffset, maxOffset, records: [], messageCount: 0, totalBytes: 0, behindMemory: this.behindMemory };
    };
    if (maxOffset === 0) return none('NO_MESSAGE_IN_QUEUE', 0);
    if (offset < minOffset) return none('OFFSET_TOO_SMALL', minOffset);
    if (offset === maxOffset) return none('OFFSET_OVERFLOW_ONE', offset);
    if (offset > maxOffset) return none('OFFSET_OVERFLOW_BADLY', maxOffset);
    const scanned = this.#queue(topic, queueId).slice(offset);
    const matching = scanned.filter((entry) => filter?.matchesTagsCode(entry.tagsCode) ?? true).slice(0, maxMessages);
    const last = matching.length === maxMessages ? matching[matching.length - 1] : scanned[scanned.length - 1];
    if (matching.length === 0) return none('NO_MATCHED_MESSAGE', last.queueOffset + 1);
    const records = matching.map((entry) => this.#record(entry));
    const totalBytes = records.reduce((sum, record) => sum + record.length, 0);
    return { ...none('FOUND', last.queueOffset + 1), records, messageCount: records.length, totalBytes };
  }

  #queue(topic: string, queueId: number): QueueEntry[] {
    const key = `${topic}@${queueId}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, (queue = []));
    return queue;
  }

  #record(entry: QueueEntry): Buffer {
    const record = this.#records.get(entry.physicalOffset);
    if (record === undefined) throw new Error(`no record at ${entry.physicalOffset}`);
    return record;
  }

  #timeOf(entry: QueueEntry): number {
    return storeTimestampAt(this.#record(entry), 0);
  }
}
