import type { SendMessage } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { PayloadCodec } from '../codec/payload-codec.js';
import { RocketRecord, type RocketMessageOptions } from './rocket-record.js';

/** Splits `topic` or `topic:tag`. @throws RocketMqError `MESSAGE_ILLEGAL` when there is no topic */
export function parseDestination(destination: string): { readonly topic: string; readonly tag: string | undefined } {
  const colon = destination.indexOf(':');
  const topic = (colon < 0 ? destination : destination.slice(0, colon)).trim();
  const tag = colon < 0 ? undefined : destination.slice(colon + 1).trim();
  if (topic === '' || tag === '') {
    throw new RocketMqError('MESSAGE_ILLEGAL', `the destination ${JSON.stringify(destination)} must be "topic" or "topic:tag"`);
  }
  return { topic, tag };
}

/** Makes the message of a payload: options of the call override those of a {@link RocketRecord}, which override the destination's tag. */
export function createMessage(destination: string, payload: unknown, options: RocketMessageOptions, codec: PayloadCodec, clock: Clock): SendMessage {
  const { topic, tag } = parseDestination(destination);
  const record = payload instanceof RocketRecord ? payload : undefined;
  const all: RocketMessageOptions = record === undefined ? options : { ...record.options, ...options };
  return {
    topic,
    body: codec.encode(record === undefined ? payload : record.data),
    tag: all.tag ?? tag,
    keys: all.keys,
    shardingKey: all.shardingKey,
    deliverAt: deliveryTime(all, clock),
    delayTimeLevel: all.delayLevel,
    properties: all.properties,
    flag: all.flag,
  };
}

function deliveryTime({ delayMs, deliverAt, delayLevel }: RocketMessageOptions, clock: Clock): number | undefined {
  if (delayMs === undefined && deliverAt === undefined) return undefined;
  const given = [delayMs, deliverAt, delayLevel].filter((choice) => choice !== undefined);
  if (given.length > 1) throw new RocketMqError('MESSAGE_ILLEGAL', 'more than one of delayMs, deliverAt and delayLevel is given; choose one');
  if (delayMs === undefined) return deliverAt instanceof Date ? deliverAt.getTime() : deliverAt;
  if (!Number.isFinite(delayMs) || delayMs < 0) throw new RocketMqError('MESSAGE_ILLEGAL', `delayMs is ${delayMs}; it must be 0 or more`);
  return Math.round(clock.now() + delayMs);
}
