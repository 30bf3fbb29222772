// What must hold for a store whatever happened to it. Each function throws an Error that names what is wrong.
import type { AppendResult, MessageStore } from '../../broker/store/message-store.js';
import { decodeRecord } from '../../lib/protocol/message/stored-message-codec.js';
import type { MessageExt } from '../../lib/protocol/message/message.js';

/** A message that was acknowledged: what was sent, and where it was said to be. */
export interface Acknowledged {
  readonly topic: string;
  readonly queueId: number;
  readonly body: Buffer;
  readonly result: Pick<AppendResult, 'status' | 'queueOffset' | 'physicalOffset'>;
}

/** Every one of the messages can be read from its queue at its offset, unaltered. */
export async function requireReadable(store: MessageStore, messages: readonly Acknowledged[]): Promise<void> {
  for (const { topic, queueId, body, result } of messages) {
    const where = `${topic}/${queueId}@${result.queueOffset}`;
    const read = await store.read({ topic, queueId, offset: result.queueOffset, maxMessages: 1 });
    if (read.status !== 'FOUND') throw new Error(`acknowledged message ${where} is lost: ${read.status}`);
    const found = decodeRecord(Buffer.concat(read.records), 0, { checkCrc: true });
    if (found.queueOffset !== result.queueOffset || found.topic !== topic || found.queueId !== queueId) throw new Error(`${where} holds another message`);
    if (found.commitLogOffset !== result.physicalOffset) throw new Error(`${where} moved from ${result.physicalOffset} to ${found.commitLogOffset}`);
    if (!found.body.equals(body)) throw new Error(`the body of ${where} is altered`);
  }
}

/** The queue's offsets from min to max have each exactly their message. Returns the messages. */
export async function requireNoGaps(store: MessageStore, topic: string, queueId: number): Promise<MessageExt[]> {
  const messages: MessageExt[] = [];
  const max = store.maxOffset(topic, queueId);
  for (let offset = store.minOffset(topic, queueId); offset < max; ) {
    const read = await store.read({ topic, queueId, offset, maxMessages: 32 });
    if (read.status !== 'FOUND') throw new Error(`${topic}/${queueId} has a gap at ${offset}: ${read.status}`);
    const bytes = Buffer.concat(read.records);
    for (let position = 0; position < bytes.length; ) {
      const message = decodeRecord(bytes, position, { checkCrc: true });
      if (message.queueOffset !== offset || message.topic !== topic || message.queueId !== queueId) {
        throw new Error(`${topic}/${queueId}@${offset} holds ${message.topic}/${message.queueId}@${message.queueOffset}`);
      }
      messages.push(message);
      position += message.storeSize;
      offset += 1;
    }
    if (read.nextBeginOffset !== offset) throw new Error(`${topic}/${queueId}: next offset is ${read.nextBeginOffset} after ${offset}`);
  }
  return messages;
}

/** Every record of the log that belongs to a queue is listed there once, in order, and nothing else is. Returns the number of records. */
export async function requireQueuesEqualLog(store: MessageStore, segmentSize: number): Promise<number> {
  const next = new Map<string, number>();
  const { commitLogMinOffset, commitLogMaxOffset } = store.status();
  let records = 0;
  for (let offset = commitLogMinOffset; offset < commitLogMaxOffset; ) {
    const record = await store.readAt(offset);
    if (!record) {
      offset += segmentSize - (offset % segmentSize);
      continue;
    }
    const message = decodeRecord(record);
    offset += record.length;
    records += 1;
    if (![0, 8].includes(message.sysFlag & 0xc)) continue;
    const key = `${message.topic}/${message.queueId}`;
    const expected = next.get(key) ?? store.minOffset(message.topic, message.queueId);
    const [entry] = store.readEntries(message.topic, message.queueId, expected, 1);
    if (!entry || entry.physicalOffset !== message.commitLogOffset || entry.size !== message.storeSize || message.queueOffset !== expected) {
      throw new Error(`${key}@${expected} lists ${JSON.stringify(entry)}, the log has offset ${message.commitLogOffset}, size ${message.storeSize}, queue offset ${message.queueOffset}`);
    }
    next.set(key, expected + 1);
  }
  for (const [key, count] of next) {
    const [topic, queueId] = key.split('/');
    if (store.maxOffset(topic, Number(queueId)) !== count) throw new Error(`${key} lists ${store.maxOffset(topic, Number(queueId))} messages, the log has ${count}`);
  }
  return records;
}

