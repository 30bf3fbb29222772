import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { iterateBatch, type BatchElement } from '../../../lib/protocol/message/batch-codec.js';
import { TRANSACTION_COMMIT_TYPE, TRANSACTION_NOT_TYPE, transactionTypeOf } from '../../../lib/protocol/message/message-sys-flag.js';
import type { HostAddress } from '../../../lib/protocol/message/message.js';
import { PROPERTY, propertyOf } from '../../../lib/protocol/message/properties.js';
import { encodeRecordInto, MIN_RECORD_BYTES, V6_EXTRA_BYTES, type RecordFields } from '../../../lib/protocol/message/stored-message-codec.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { ConsumeQueue } from '../consume-queue/consume-queue.js';
import type { QueueTable } from '../consume-queue/queue-table.js';
import type { TagsCodes } from '../dispatch/tags-code.js';
import type { AppendResult, BatchToStore, MessageToStore } from '../message-store.js';
import type { AppendGate } from './append-gate.js';
import { BLANK_BYTES } from './record-examiner.js';
import type { LogWriter } from './log-writer.js';
import { PendingAppend, type PendingRecord } from './pending-append.js';
import type { TailBlock } from './tail-window.js';

/** Limits of what is appended. */
export interface AppendLimits {
  /** Longest body. */
  readonly maxMessageSize: number;
  /** Length of a commit-log file. */
  readonly segmentSize: number;
  /** Whether appends are answered only when synced. */
  readonly syncFlush: boolean;
}

/** What the appender needs of the rest of the store. */
export interface AppenderParts {
  readonly writer: LogWriter;
  readonly queues: QueueTable;
  readonly tagsCodes: TagsCodes;
  readonly gate: AppendGate;
  readonly clock: Clock;
  /** Takes over an encoded append: sees that it is written, listed and answered. */
  readonly accept: (append: PendingAppend) => void;
}

/** Bytes of a record besides body, topic and properties, at most. */
const FIXED_BYTES_MAX = MIN_RECORD_BYTES + 1 + 2 * V6_EXTRA_BYTES;
/** Bytes of a UTF-16 unit in UTF-8, at most. */
const UTF8_BYTES_MAX = 3;

/** The single writer of the commit log: gives a message its place and its queue offset, and encodes it right there, once. */
export class Appender {
  readonly #limits: AppendLimits;
  readonly #parts: AppenderParts;
  readonly #record = new RecordInProgress();

  constructor(limits: AppendLimits, parts: AppenderParts) {
    this.#limits = limits;
    this.#parts = parts;
  }

  append(message: MessageToStore): Promise<AppendResult> {
    try {
      return this.#append(message);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  appendBatch(batch: BatchToStore): Promise<AppendResult> {
    try {
      return this.#appendBatch(batch);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #append(message: MessageToStore): Promise<AppendResult> {
    const { writer, tagsCodes, accept } = this.#parts;
    this.#check('the body', message.body.length);
    const pending = this.#pending(message);
    const record = this.#record.begin(message, pending.storeTimestamp);
    record.content(message, pending.queueOffset);
    const bytesMax = bytesMaxOf(message.topic, message.body.length, message.properties.length);
    for (;;) {
      const block = this.#begin(bytesMax);
      record.physicalOffset = writer.end;
      const size = encodeRecordInto(block.buffer, block.length, record);
      if (size + BLANK_BYTES > this.#limits.segmentSize) throw this.#tooLong('the stored message', size);
      if (writer.finish(block, size)) break;
    }
    pending.start = record.physicalOffset;
    pending.end = writer.end;
    pending.tagsCode = tagsCodes.of(message.topic, message.properties, pending.storeTimestamp);
    if (pending.queue) pending.queue.nextOffset += 1;
    const result = pending.promise();
    accept(pending);
    return result;
  }

  #appendBatch(batch: BatchToStore): Promise<AppendResult> {
    const { writer, accept } = this.#parts;
    this.#check('the batch', batch.batchBody.length);
    const elements = elementsOf(batch);
    const pending = this.#pending(batch);
    this.#record.begin(batch, pending.storeTimestamp);
    const bytesMax = elements.reduce((sum, element) => sum + bytesMaxOf(batch.topic, element.body.length, element.properties.length), 0);
    let records: readonly PendingRecord[];
    for (;;) {
      const block = this.#begin(bytesMax);
      pending.start = writer.end;
      records = this.#encodeBatch(batch.topic, elements, block, pending);
      const last = records[records.length - 1];
      const size = last.physicalOffset + last.size - pending.start;
      if (size + BLANK_BYTES > this.#limits.segmentSize) throw this.#tooLong('the stored batch', size);
      if (writer.finish(block, size)) break;
    }
    pending.end = writer.end;
    pending.batch = records;
    if (pending.queue) pending.queue.nextOffset += records.length;
    const result = pending.promise();
    accept(pending);
    return result;
  }

  #encodeBatch(topic: string, elements: readonly BatchElement[], block: TailBlock, pending: PendingAppend): readonly PendingRecord[] {
    const record = this.#record;
    let done = 0;
    return elements.map((element, index) => {
      record.content(element, pending.queueOffset + index);
      const physicalOffset = pending.start + done;
      record.physicalOffset = physicalOffset;
      const size = encodeRecordInto(block.buffer, block.length + done, record);
      done += size;
      return { physicalOffset, size, tagsCode: this.#parts.tagsCodes.of(topic, element.properties, pending.storeTimestamp) };
    });
  }

  #check(what: string, bytes: number): void {
    const refusal = this.#parts.gate.refusal();
    if (refusal) throw refusal;
    if (bytes > this.#limits.maxMessageSize) throw this.#tooLong(what, bytes);
  }

  #pending(message: Omit<MessageToStore, 'body'>): PendingAppend {
    const pending = new PendingAppend();
    const queue = this.#queueOf(message);
    pending.queue = queue;
    pending.queueOffset = queue ? queue.nextOffset : 0;
    pending.storeTimestamp = this.#parts.clock.now();
    // Only a sync makes a sender wait.
    if (this.#limits.syncFlush) pending.waitsForFlush = propertyOf(message.properties, PROPERTY.WAIT)?.toLowerCase() !== 'false';
    return pending;
  }

  /** Records that only carry a transaction's state are in no queue. */
  #queueOf(message: Omit<MessageToStore, 'body'>): ConsumeQueue | undefined {
    const type = transactionTypeOf(message.sysFlag);
    if (type !== TRANSACTION_NOT_TYPE && type !== TRANSACTION_COMMIT_TYPE) return undefined;
    return this.#parts.queues.getOrCreate(message.topic, message.queueId);
  }

  #begin(bytesMax: number): TailBlock {
    try {
      return this.#parts.writer.begin(bytesMax);
    } catch (error) {
      this.#parts.gate.block('write', `the next commit-log file cannot be made: ${String(error)}`, error);
      throw new RocketMqError('STORE_WRITE_FAILED', `the message was not stored: ${String(error)}`, { retryable: true, cause: error });
    }
  }

  #tooLong(what: string, bytes: number): RocketMqError {
    const { maxMessageSize, segmentSize } = this.#limits;
    return new RocketMqError('MESSAGE_ILLEGAL', `${what} has ${bytes} bytes; maxMessageSize is ${maxMessageSize}, a commit-log file ${segmentSize}`, {
      details: { bytes, maxMessageSize, segmentSize },
    });
  }
}

function elementsOf(batch: BatchToStore): readonly BatchElement[] {
  const elements = iterateBatch(batch.batchBody);
  if (elements.length === 0) throw new RocketMqError('MESSAGE_ILLEGAL', `the batch for ${batch.topic} holds no message`);
  return elements;
}

/** Room that a record is given before its size is known, so that nothing is measured twice. */
function bytesMaxOf(topic: string, bodyLength: number, propertiesLength: number): number {
  return FIXED_BYTES_MAX + bodyLength + (topic.length + propertiesLength) * UTF8_BYTES_MAX;
}

const NO_BODY = new Uint8Array(0);
const NO_HOST = { ip: '0.0.0.0', port: 0 };

/** The fields of the record being encoded; one object for all of them, as it is only needed for a moment. */
class RecordInProgress implements RecordFields {
  topic = '';
  queueId = 0;
  flag = 0;
  queueOffset = 0;
  physicalOffset = 0;
  sysFlag = 0;
  bornTimestamp = 0;
  bornHost: HostAddress = NO_HOST;
  storeTimestamp = 0;
  storeHost: HostAddress = NO_HOST;
  reconsumeTimes = 0;
  preparedTransactionOffset = 0;
  body: Uint8Array = NO_BODY;
  properties = '';

  begin(message: Omit<MessageToStore, 'body'>, storeTimestamp: number): this {
    this.topic = message.topic;
    this.queueId = message.queueId;
    this.sysFlag = message.sysFlag;
    this.bornTimestamp = message.bornTimestamp;
    this.bornHost = message.bornHost;
    this.storeTimestamp = storeTimestamp;
    this.storeHost = message.storeHost;
    this.reconsumeTimes = message.reconsumeTimes;
    this.preparedTransactionOffset = message.preparedTransactionOffset;
    return this;
  }

  content(content: { readonly flag: number; readonly body: Uint8Array; readonly properties: string }, queueOffset: number): void {
    this.flag = content.flag;
    this.body = content.body;
    this.properties = content.properties;
    this.queueOffset = queueOffset;
  }
}
