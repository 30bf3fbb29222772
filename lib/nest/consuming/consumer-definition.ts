import type { MessageHandler } from '@nestjs/microservices';
import type { ConsumeFromWhere, FilterExpression, MessageModel } from '../../client/types.js';
import type { PayloadCodec } from '../codec/payload-codec.js';
import type { Configurable, ConsumeMode, LateConsumerOptions } from '../module/rocketmq-options.js';

/** Key of our part of a handler's Nest `extras`. */
export const ROCKET_EXTRAS = 'rocketmq';

/** What `@RocketConsumer` leaves on a method. */
export interface ConsumerMetadata {
  /** `Class.method`, for messages to people. */
  readonly place: string;
  readonly options: Configurable<LateConsumerOptions>;
  readonly cluster: string;
  readonly reply: boolean;
}

/** A handler before its options are known. */
export interface RegisteredHandler {
  readonly place: string;
  readonly handler: MessageHandler;
  /** Whether callers may wait for its result. */
  readonly reply: boolean;
  readonly options: Configurable<LateConsumerOptions>;
}

/** A handler with all options resolved. */
export interface ConsumerDefinition extends Omit<RegisteredHandler, 'options'> {
  readonly topic: string;
  readonly group: string;
  readonly filter: FilterExpression;
  /** Tags wanted; `undefined`: all, or filtered by SQL. */
  readonly tags: ReadonlySet<string> | undefined;
  readonly mode: ConsumeMode;
  readonly model: MessageModel;
  readonly from: ConsumeFromWhere | undefined;
  readonly consumeTimestamp: number | undefined;
  readonly concurrency: number | undefined;
  /** `undefined`: the payload is one message. */
  readonly batch: number | undefined;
  readonly maxReconsumeTimes: number | undefined;
  readonly timeoutMs: number;
  readonly suspendMs: number | undefined;
  readonly codec: PayloadCodec;
}
