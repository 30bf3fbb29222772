import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { iterateBatch, type BatchElement } from '../../../lib/protocol/message/batch-codec.js';
import { TRANSACTION_COMMIT_TYPE, TRANSACTION_NOT_TYPE, transactionTypeOf } from '../../../lib/protocol/message/message-sys-flag.js';
import { PROPERTY, propertyOf } from '../../../lib/protocol/message/properties.js';
import { encodeRecordInto, MIN_RECORD_BYTES, recordSizeAt, V6_EXTRA_BYTES } from '../../../lib/protocol/message/stored-message-codec.js';
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

  constructor(limits: AppendLimits, parts: AppenderParts) {
    this.#limits = limits;
    this.#parts = parts;
  }

  append(message: MessageToStore): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      const refusal = this.#parts.gate.refusal();
      if (refusal) return reject(refusal);
      if (message.body.length > this.#limits.maxMessageSize) return reject(this.#tooLong('the body', message.body.length));
      const queue = this.#queueOf(message);
      const queueOffset = queue?.nextOffset ?? 0;
      const storeTimestamp = this.#parts.clock.now();
      const physicalOffset = this.#encode(bytesMaxOf(message, message.body.length, message.properties.length), (block, offset) =>
        encodeRecordInto(block.buffer, block.length, recordOf(message, message, queueOffset, offset, storeTimestamp)),
      );
      const tagsCode = this.#parts.tagsCodes.of(message.topic, message.properties, storeTimestamp);
      const record = { physicalOffset, size: this.#parts.writer.end - physicalOffset, tagsCode };
      if (queue) queue.nextOffset += 1;
      this.#parts.accept(new PendingAppend(queue, [record], queueOffset, storeTimestamp, waits(message), { resolve, reject, batch: false }));
    });
  }

  appendBatch(batch: BatchToStore): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      const refusal = this.#parts.gate.refusal();
      if (refusal) return reject(refusal);
      if (batch.batchBody.length > this.#limits.maxMessageSize) return reject(this.#tooLong('the batch', batch.batchBody.length));
      const elements = elementsOf(batch);
      const queue = this.#queueOf(batch);
      const queueOffset = queue?.nextOffset ?? 0;
      const storeTimestamp = this.#parts.clock.now();
      const bytesMax = elements.reduce((sum, element) => sum + bytesMaxOf(batch, element.body.length, element.properties.length), 0);
      let records: PendingRecord[] = [];
      this.#encode(bytesMax, (block, offset) => {
        records = this.#encodeBatch(batch, elements, { block, offset, queueOffset, storeTimestamp });
        return records.reduce((sum, record) => sum + record.size, 0);
      });
      if (queue) queue.nextOffset += records.length;
      this.#parts.accept(new PendingAppend(queue, records, queueOffset, storeTimestamp, waits(batch), { resolve, reject, batch: true }));
    });
  }

  /** Records that only carry a transaction's state are in no queue. */
  #queueOf(message: Omit<MessageToStore, 'body'>): ConsumeQueue | undefined {
    const type = transactionTypeOf(message.sysFlag);
    if (type !== TRANSACTION_NOT_TYPE && type !== TRANSACTION_COMMIT_TYPE) return undefined;
    return this.#parts.queues.getOrCreate(message.topic, message.queueId);
  }

  /** Places up to `bytesMax` bytes into the log; `encode` is called again when they have to move on to the next file. */
  #encode(bytesMax: number, encode: (block: TailBlock, offset: number) => number): number {
    const { writer } = this.#parts;
    for (;;) {
      const block = this.#begin(bytesMax);
      const offset = writer.end;
      const size = encode(block, offset);
      if (size + BLANK_BYTES > this.#limits.segmentSize) throw this.#tooLong('the stored message', size);
      if (writer.finish(block, size)) return offset;
    }
  }

  #begin(bytesMax: number): TailBlock {
    try {
      return this.#parts.writer.begin(bytesMax);
    } catch (error) {
      this.#parts.gate.block('write', `the next commit-log file cannot be made: ${String(error)}`, error);
      throw new RocketMqError('STORE_WRITE_FAILED', `the message was not stored: ${String(error)}`, { retryable: true, cause: error });
    }
  }

  #encodeBatch(
    batch: BatchToStore,
    elements: readonly BatchElement[],
    place: { readonly block: TailBlock; readonly offset: number; readonly queueOffset: number; readonly storeTimestamp: number },
  ): PendingRecord[] {
    let done = 0;
    return elements.map((element, index) => {
      const physicalOffset = place.offset + done;
      const position = place.block.length + done;
      encodeRecordInto(place.block.buffer, position, recordOf(batch, element, place.queueOffset + index, physicalOffset, place.storeTimestamp));
      const size = recordSizeAt(place.block.buffer, position);
      done += size;
      return { physicalOffset, size, tagsCode: this.#parts.tagsCodes.of(batch.topic, element.properties, place.storeTimestamp) };
    });
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
function bytesMaxOf(message: { readonly topic: string }, bodyLength: number, propertiesLength: number): number {
  return FIXED_BYTES_MAX + bodyLength + (message.topic.length + propertiesLength) * UTF8_BYTES_MAX;
}

function recordOf(
  message: Omit<MessageToStore, 'body'>,
  content: { readonly flag: number; readonly body: Uint8Array; readonly properties: string },
  queueOffset: number,
  physicalOffset: number,
  storeTimestamp: number,
): Parameters<typeof encodeRecordInto>[2] {
  return {
    topic: message.topic,
    queueId: message.queueId,
    flag: content.flag,
    queueOffset,
    physicalOffset,
    sysFlag: message.sysFlag,
    bornTimestamp: message.bornTimestamp,
    bornHost: message.bornHost,
    storeTimestamp,
    storeHost: message.storeHost,
    reconsumeTimes: message.reconsumeTimes,
    preparedTransactionOffset: message.preparedTransactionOffset,
    body: content.body,
    properties: content.properties,
  };
}

function waits(message: { readonly properties: string }): boolean {
  return propertyOf(message.properties, PROPERTY.WAIT)?.toLowerCase() !== 'false';
}
