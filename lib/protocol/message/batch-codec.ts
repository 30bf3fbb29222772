import { RocketMqError } from '../../errors/rocketmq-error.js';
import { encodeProperties, MAX_PROPERTIES_BYTES, type PropertyMap } from './properties.js';

/*
 * Body of a batch send, elements one after another:
 * i32 size of the element | i32 0 | i32 0 | i32 flag | i32 body length, body | i16 properties length, properties.
 * Apache: MessageDecoder.java.
 */

const FLAG = 12;
const BODY_LENGTH = 16;
const BODY = 20;
/** Bytes of an element with neither body nor properties. */
const FIXED_BYTES = 22;

/** What a batch keeps of a message; topic and queue are those of the request. */
export interface BatchMessage {
  readonly flag?: number;
  readonly body: Uint8Array;
  readonly properties?: PropertyMap;
}

/** One element of a received batch. */
export interface BatchElement {
  readonly flag: number;
  /** A slice of the batch. */
  readonly body: Buffer;
  /** In their wire form, see `properties.ts`. */
  readonly properties: string;
}

/**
 * Writes messages as the body of a batch send.
 * @throws RocketMqError `MESSAGE_ILLEGAL` for properties that cannot be written or are over 32 767 bytes
 */
export function encodeBatch(messages: readonly BatchMessage[]): Buffer {
  return Buffer.concat(messages.map(encodeElement));
}

function encodeElement(message: BatchMessage): Buffer {
  const properties = Buffer.from(encodeProperties(message.properties ?? {}));
  if (properties.length > MAX_PROPERTIES_BYTES) {
    throw new RocketMqError('MESSAGE_ILLEGAL', `the properties of a batched message have ${properties.length} bytes; at most ${MAX_PROPERTIES_BYTES} are allowed`);
  }
  const element = Buffer.alloc(FIXED_BYTES + message.body.length + properties.length);
  element.writeInt32BE(element.length, 0);
  element.writeInt32BE(message.flag ?? 0, FLAG);
  element.writeInt32BE(message.body.length, BODY_LENGTH);
  element.set(message.body, BODY);
  element.writeInt16BE(properties.length, BODY + message.body.length);
  element.set(properties, FIXED_BYTES + message.body.length);
  return element;
}

/**
 * Takes a batch apart. All of it is checked before the first element is returned. As Apache does, the walk goes by the
 * lengths of bodies and properties; the size an element claims is not looked at.
 * @throws RocketMqError `MESSAGE_MALFORMED`
 */
export function iterateBatch(batch: Buffer): readonly BatchElement[] {
  const elements: BatchElement[] = [];
  let position = 0;
  while (position < batch.length) {
    if (batch.length - position < FIXED_BYTES) throw malformed(position, 'is cut off');
    const bodyLength = batch.readInt32BE(position + BODY_LENGTH);
    if (bodyLength < 0 || bodyLength > batch.length - position - FIXED_BYTES) throw malformed(position, `claims ${bodyLength} bytes of body`);
    const bodyEnd = position + BODY + bodyLength;
    const propertiesLength = batch.readInt16BE(bodyEnd);
    if (propertiesLength < 0 || propertiesLength > batch.length - bodyEnd - 2) throw malformed(position, `claims ${propertiesLength} bytes of properties`);
    const end = bodyEnd + 2 + propertiesLength;
    elements.push({
      flag: batch.readInt32BE(position + FLAG),
      body: batch.subarray(position + BODY, bodyEnd),
      properties: batch.toString('utf8', bodyEnd + 2, end),
    });
    position = end;
  }
  return elements;
}

function malformed(position: number, problem: string): RocketMqError {
  return new RocketMqError('MESSAGE_MALFORMED', `the element at byte ${position} of a message batch ${problem}`);
}
