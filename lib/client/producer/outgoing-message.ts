import { RocketMqError } from '../../errors/rocketmq-error.js';
import { compressBody, withCompression } from '../../protocol/message/compression.js';
import { encodeBatch } from '../../protocol/message/batch-codec.js';
import { KEY_SEPARATOR, PROPERTY, encodeProperties } from '../../protocol/message/properties.js';
import { isNotAllowedSendTopic, isRetryTopic, validateTopicName } from '../../protocol/topic-names.js';
import type { Namespace } from '../namespace.js';
import type { SendMessage } from '../types.js';

/** A message ready for the wire, all but its queue. */
export interface OutgoingMessage {
  /** Name on the wire. */
  readonly topic: string;
  readonly flag: number;
  readonly sysFlag: number;
  readonly body: Uint8Array;
  /** Wire form. */
  readonly properties: string;
  /** Id that users see; for a batch the ids joined by commas. */
  readonly uniqueKey: string;
  readonly batch: boolean;
  readonly kind: 'message' | 'reply';
  /** Deliveries so far; set when a consumer puts a message on its retry topic itself. */
  readonly reconsumeTimes: number;
  readonly maxReconsumeTimes?: number;
}

/** What turning a user's message into an {@link OutgoingMessage} depends on. */
export interface MessageComposerOptions {
  readonly maxMessageSize: number;
  readonly compressBodyOverBytes: number;
  readonly namespace: Namespace;
}

const NO_COMPRESSION = Number.POSITIVE_INFINITY;

/** Turns users' messages into what travels: properties, unique key, compression. Bad messages fail here, before anything is sent. */
export class MessageComposer {
  readonly #options: MessageComposerOptions;
  readonly #nextUniqueKey: () => string;
  /** Names of topics checked before; names are few and messages many. */
  readonly #checkedTopics = new Map<string, string>();

  constructor(options: MessageComposerOptions, nextUniqueKey: () => string) {
    this.#options = options;
    this.#nextUniqueKey = nextUniqueKey;
  }

  /**
   * Prepares one message.
   * @param extra properties that override the message's own
   * @throws RocketMqError `MESSAGE_ILLEGAL`, `MESSAGE_TOO_LARGE`
   */
  compose(message: SendMessage, extra?: Readonly<Record<string, string>>): OutgoingMessage {
    const topic = this.topicOnWire(message.topic);
    const body = this.#bodyOf(message);
    const properties = this.#propertiesOf(message, extra);
    const compressed = body.length >= this.#compressOver;
    return {
      topic,
      flag: message.flag ?? 0,
      sysFlag: compressed ? withCompression(0, 'zlib') : 0,
      body: compressed ? compressBody(body, 'zlib') : body,
      properties: encodeProperties(properties),
      uniqueKey: properties[PROPERTY.UNIQ_KEY],
      batch: false,
      kind: properties[PROPERTY.MESSAGE_TYPE] === 'reply' ? 'reply' : 'message',
      reconsumeTimes: 0,
    };
  }

  /**
   * Joins messages of one topic into one.
   * @throws RocketMqError `MESSAGE_ILLEGAL`, `MESSAGE_TOO_LARGE`
   */
  composeBatch(messages: readonly SendMessage[]): OutgoingMessage {
    const first = messages[0];
    if (first === undefined) throw illegal('a batch holds no message; give it at least one');
    const topic = this.topicOnWire(first.topic);
    if (isRetryTopic(topic)) throw illegal(`a batch cannot be sent to the retry topic "${topic}"`);
    const parts = messages.map((message) => this.#batchPart(message, first));
    const body = encodeBatch(parts);
    if (body.length > this.#options.maxMessageSize) throw tooLarge(body.length, this.#options.maxMessageSize);
    return {
      topic,
      flag: 0,
      sysFlag: 0,
      body,
      properties: encodeProperties({ [PROPERTY.WAIT]: waitOf(first) }),
      uniqueKey: parts.map((part) => part.properties[PROPERTY.UNIQ_KEY]).join(','),
      batch: true,
      kind: 'message',
      reconsumeTimes: 0,
    };
  }

  /**
   * A topic's name with its namespace.
   * @throws RocketMqError `MESSAGE_ILLEGAL` for a name that brokers refuse
   */
  topicOnWire(topic: string): string {
    const known = this.#checkedTopics.get(topic);
    if (known !== undefined) return known;
    const wrapped = this.#options.namespace.wrapTopic(typeof topic === 'string' ? topic : '');
    const problem = validateTopicName(wrapped);
    if (problem !== undefined) throw illegal(problem);
    if (isNotAllowedSendTopic(wrapped)) throw illegal(`the topic "${topic}" belongs to the brokers; send to another one`);
    // Names made up per message must not fill the memory.
    if (this.#checkedTopics.size >= 10_000) this.#checkedTopics.clear();
    this.#checkedTopics.set(topic, wrapped);
    return wrapped;
  }

  get #compressOver(): number {
    const { compressBodyOverBytes } = this.#options;
    return compressBodyOverBytes > 0 ? compressBodyOverBytes : NO_COMPRESSION;
  }

  #batchPart(message: SendMessage, first: SendMessage): { flag?: number; body: Uint8Array; properties: Record<string, string> } {
    if (message.topic !== first.topic) throw illegal(`a batch mixes the topics "${first.topic}" and "${message.topic}"; send one batch per topic`);
    if (waitOf(message) !== waitOf(first)) throw illegal('a batch mixes messages with and without waitStoreMsgOk; send them apart');
    if ((message.delayTimeLevel ?? 0) > 0 || message.deliverAt !== undefined) throw illegal('a batch cannot hold delayed messages; send them one by one');
    return { flag: message.flag, body: this.#bodyOf(message), properties: this.#propertiesOf(message, undefined) };
  }

  #bodyOf(message: SendMessage): Uint8Array {
    const { body } = message;
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    if (!(bytes instanceof Uint8Array)) throw illegal('the body of a message is neither text nor bytes; give it a string, Buffer or Uint8Array');
    if (bytes.length === 0) throw illegal(`a message to "${message.topic}" has an empty body; brokers refuse those`);
    if (bytes.length > this.#options.maxMessageSize) throw tooLarge(bytes.length, this.#options.maxMessageSize);
    return bytes;
  }

  #propertiesOf(message: SendMessage, extra: Readonly<Record<string, string>> | undefined): Record<string, string> {
    const { keys, tag, shardingKey, delayTimeLevel, deliverAt } = message;
    const properties: Record<string, string> = { ...message.properties };
    if (tag) properties[PROPERTY.TAGS] = tag;
    if (keys) properties[PROPERTY.KEYS] = typeof keys === 'string' ? keys : keys.join(KEY_SEPARATOR);
    if (shardingKey) properties[PROPERTY.SHARDING_KEY] = shardingKey;
    if (delayTimeLevel !== undefined && delayTimeLevel !== 0) properties[PROPERTY.DELAY] = delayLevelText(delayTimeLevel);
    if (deliverAt !== undefined) properties[PROPERTY.TIMER_DELIVER_MS] = deliverAtText(deliverAt);
    if (message.waitStoreMsgOk !== undefined) properties[PROPERTY.WAIT] = waitOf(message);
    else properties[PROPERTY.WAIT] ??= 'true';
    if (extra !== undefined) Object.assign(properties, extra);
    properties[PROPERTY.UNIQ_KEY] ??= this.#nextUniqueKey();
    return properties;
  }
}

function waitOf(message: SendMessage): string {
  return message.waitStoreMsgOk === undefined ? (message.properties?.[PROPERTY.WAIT] ?? 'true') : String(message.waitStoreMsgOk);
}

function delayLevelText(level: number): string {
  if (!Number.isInteger(level) || level < 0) throw illegal(`delayTimeLevel is ${level}; give it an integer from 1 on, or leave it out`);
  return String(level);
}

function deliverAtText(at: number): string {
  if (!Number.isSafeInteger(at) || at <= 0) throw illegal(`deliverAt is ${at}; give it milliseconds since the epoch, or leave it out`);
  return String(at);
}

function illegal(message: string): RocketMqError {
  return new RocketMqError('MESSAGE_ILLEGAL', message);
}

function tooLarge(bytes: number, limit: number): RocketMqError {
  return new RocketMqError('MESSAGE_TOO_LARGE', `a message has ${bytes} bytes; the option maxMessageSize allows ${limit}`, { details: { bytes, limit } });
}
