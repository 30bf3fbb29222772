import type { SendMessage } from '../../client/types.js';
import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import { deadLetterTopicOf } from '../../protocol/topic-names.js';
import type { Clock } from '../../runtime/clock.js';
import type { RocketTemplate } from '../producer/rocket-template.js';
import { DEAD_LETTER_PROPERTY as NAME } from '../property-names.js';
import { describeError } from './decision.js';
import { originalTopicOf } from './message-router.js';

/** Properties of all messages must fit in 32 767 bytes; ours get what is left below this. */
const MAX_PROPERTIES_BYTES = 30_000;
const MAX_REASON_CHARACTERS = 1024;
const MAX_STACK_CHARACTERS = 4096;

/** System properties that would act again, or lie, on the dead letter. */
const NOT_COPIED: ReadonlySet<string> = new Set([
  PROPERTY.TAGS,
  PROPERTY.KEYS,
  PROPERTY.SHARDING_KEY,
  PROPERTY.WAIT,
  PROPERTY.DELAY,
  PROPERTY.REAL_TOPIC,
  PROPERTY.REAL_QUEUE_ID,
  PROPERTY.RETRY_TOPIC,
  PROPERTY.MAX_RECONSUME_TIMES,
  PROPERTY.RECONSUME_TIME,
  PROPERTY.CONSUME_START_TIME,
  PROPERTY.MIN_OFFSET,
  PROPERTY.MAX_OFFSET,
  PROPERTY.TRANSACTION_PREPARED,
  PROPERTY.PRODUCER_GROUP,
  PROPERTY.CLUSTER,
  PROPERTY.MSG_REGION,
  PROPERTY.TRACE_ON,
  PROPERTY.MESSAGE_TYPE,
  PROPERTY.INNER_NUM,
  PROPERTY.INNER_BASE,
  PROPERTY.DUP_INFO,
  PROPERTY.CORRELATION_ID,
  PROPERTY.REPLY_TO_CLIENT,
  PROPERTY.TTL,
  PROPERTY.ARRIVE_TIME,
  PROPERTY.PUSH_REPLY_TIME,
]);

/** All properties of timed delivery begin with it. */
const TIMER_PREFIX = 'TIMER_';

/** Where and why a message was given up. */
export interface DeadLetterFacts {
  readonly group: string;
  /** `Class.method`; absent when no handler was found. */
  readonly handler: string | undefined;
  readonly reason: string;
  readonly error: unknown;
}

/** Sends given-up messages to `%DLQ%group` with the reason in their properties. */
export class DeadLetterSender {
  constructor(
    private readonly template: RocketTemplate,
    private readonly clock: Clock,
  ) {}

  /** Resolves when the broker has stored the dead letter. */
  async send(message: MessageExt, facts: DeadLetterFacts): Promise<void> {
    await this.template.start();
    await this.template.producer.send(this.#deadLetterOf(message, facts));
  }

  #deadLetterOf(message: MessageExt, facts: DeadLetterFacts): SendMessage {
    const properties: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.properties)) if (!NOT_COPIED.has(name) && !name.startsWith(TIMER_PREFIX)) properties[name] = value;
    let room = MAX_PROPERTIES_BYTES - Object.entries(message.properties).reduce((sum, [name, value]) => sum + sizeOf(name, value), 0);
    for (const [name, value] of this.#reasonProperties(message, facts)) {
      const size = sizeOf(name, value);
      if (size > room) continue;
      room -= size;
      properties[name] = value;
    }
    return {
      topic: deadLetterTopicOf(facts.group),
      body: message.body,
      flag: message.flag,
      tag: message.properties[PROPERTY.TAGS],
      keys: message.properties[PROPERTY.KEYS],
      shardingKey: message.properties[PROPERTY.SHARDING_KEY],
      properties,
    };
  }

  /** Most important first: what does not fit is left out. */
  #reasonProperties(message: MessageExt, { group, handler, reason, error }: DeadLetterFacts): [string, string][] {
    // A redelivered message carries the ids of its first delivery; those lead back to the sender.
    const firstId = message.properties[PROPERTY.ORIGIN_MESSAGE_ID] ?? message.offsetMsgId;
    const facts: [string, string | undefined][] = [
      [NAME.REASON, clean(reason, MAX_REASON_CHARACTERS)],
      [NAME.ORIGIN_TOPIC, originalTopicOf(message)],
      [NAME.ORIGIN_MESSAGE_ID, message.msgId],
      [NAME.ORIGIN_OFFSET_MESSAGE_ID, firstId],
      [NAME.GROUP, group],
      [NAME.HANDLER, handler],
      [NAME.ORIGIN_QUEUE, `${message.brokerName}/${message.queueId}/${message.queueOffset}`],
      [NAME.RECONSUME_TIMES, String(message.reconsumeTimes)],
      [NAME.TIMESTAMP, String(this.clock.now())],
      [NAME.ERROR, error instanceof Error ? error.name : undefined],
      [NAME.STACK, stackOf(error)],
    ];
    return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  }
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = error.cause === undefined ? '' : `\ncaused by: ${error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : describeError(error.cause)}`;
  return clean((error.stack ?? '') + cause, MAX_STACK_CHARACTERS);
}

/** Within bounds, and without the two characters that separate properties on the wire. */
function clean(text: string, maxCharacters: number): string {
  // eslint-disable-next-line no-control-regex -- these are exactly the separators
  return text.slice(0, maxCharacters).replace(/[\u0001\u0002]/g, ' ');
}

function sizeOf(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 2;
}
