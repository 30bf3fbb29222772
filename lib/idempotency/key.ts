import { RocketMqError } from '../errors/rocketmq-error.js';
import { KEY_SEPARATOR, PROPERTY } from '../protocol/message/properties.js';
import { IdempotencyKeyMissingError } from './errors.js';

/** What a key can be taken from. The offset id is not here on purpose: a message that is sent again has another one. */
export interface KeyInput<Payload = unknown> {
  /** The decoded body. */
  readonly payload: Payload;
  /** The message's keys (`KEYS`), separated by blanks. */
  readonly keys?: string;
  /** The unique id the producer made (`UNIQ_KEY`): the same for every delivery and for retries within one `send`. */
  readonly uniqueKey?: string;
}

/** One way to take a key. */
export interface KeySource<Payload = unknown> {
  /** For error texts, e.g. `the payload's orderId`. */
  readonly description: string;
  /** The key, or what is there instead of one. */
  take(input: KeyInput<Payload>): unknown;
}

/** The parts of a received message that key sources look at. Structural, so that fakes do. */
export interface KeyedMessage {
  readonly properties: Readonly<Record<string, string>>;
}

/** The key input of a received message. */
export function keyInputOf<Payload>(message: KeyedMessage, payload: Payload): KeyInput<Payload> {
  // Not `msgId`: without a unique key that falls back to the offset id.
  return { payload, keys: message.properties[PROPERTY.KEYS], uniqueKey: message.properties[PROPERTY.UNIQ_KEY] };
}

/**
 * Key from the payload: a function, or a path such as `order.id`. The best choice: it names the business operation, so
 * it also recognises a message that the producer sent twice. Numbers and `bigint` are taken as their decimal text.
 */
export function fromPayload<Payload>(select: string | ((payload: Payload) => unknown)): KeySource<Payload> {
  if (typeof select === 'function') return { description: 'what the key selector takes from the payload', take: ({ payload }) => select(payload) };
  const path = select.split('.');
  if (path.some((name) => name === '')) {
    throw new RocketMqError('OPTION_INVALID', `the key path is '${select}'; give field names joined by single dots, such as 'order.id'`);
  }
  return { description: `the payload's ${select}`, take: ({ payload }) => at(payload, path) };
}

/** Key from the message's keys: the only one, or the one at `index` when a message carries several. */
export function fromMessageKeys(index?: number): KeySource {
  return {
    description: index === undefined ? "the message's key" : `the message's key number ${index}`,
    take: ({ keys }) => {
      const all = keys?.split(KEY_SEPARATOR).filter((key) => key !== '') ?? [];
      if (index === undefined && all.length > 1) {
        throw new IdempotencyKeyMissingError("the message's key", `not one but ${all.length} keys, so ambiguous without an index`);
      }
      return all[index ?? 0];
    },
  };
}

/**
 * Key from the unique id: recognises redeliveries of one stored message and copies of one `send`, but not a producer
 * that calls `send` again after its own crash. Needs no cooperation by the payload.
 */
export function fromUniqueKey(): KeySource {
  return { description: "the message's unique id (UNIQ_KEY)", take: ({ uniqueKey }) => uniqueKey };
}

/** The first of several sources that yields a key. */
export function firstOf<Payload>(...sources: readonly KeySource<Payload>[]): KeySource<Payload> {
  return {
    description: sources.map((source) => source.description).join(', or '),
    take: (input) => {
      for (const source of sources) {
        const taken = source.take(input);
        if (isPresent(taken)) return taken;
      }
      return undefined;
    },
  };
}

/** Takes the key. Throws `IdempotencyKeyMissingError` when there is none, or when it is neither text nor a number. */
export function takeKey<Payload>(source: KeySource<Payload>, input: KeyInput<Payload>): string {
  const taken = source.take(input);
  if (isPresent(taken)) return String(taken);
  const found = taken === '' ? 'empty' : taken === undefined || taken === null ? 'missing' : `a value of type ${typeof taken}`;
  throw new IdempotencyKeyMissingError(source.description, typeof taken === 'number' ? `the number ${taken}` : found);
}

/** Scope of a message handler: two handlers of one group, or two groups, do their work independently of each other. */
export function consumerScope(group: string, handler: string): string {
  // RocketMQ allows no slash in group names, so this cannot be read in two ways.
  return `${group}/${handler}`;
}

/** Unsafe integers are refused: two of them may have one text. */
function isPresent(value: unknown): value is string | number | bigint {
  if (typeof value === 'string') return value !== '';
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

function at(payload: unknown, path: readonly string[]): unknown {
  let value = payload;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
