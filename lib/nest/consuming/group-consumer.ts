import type { ConcurrentOutcome, ListenerContext, OrderlyOutcome, RocketPushConsumer } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import type { Logger } from '../../runtime/logger.js';
import type { ConsumerDefinition } from './consumer-definition.js';
import type { DeadLetterSender } from './dead-letter-sender.js';
import { decide, describeError, type Decision } from './decision.js';
import { delayLevelFor } from './delay-levels.js';
import type { HandlerRunner, Settlement } from './handler-runner.js';
import { MessageRouter, originalTopicOf } from './message-router.js';
import { Semaphore } from './semaphore.js';
import type { GroupPlan } from './subscription-plan.js';

/** Redeliveries of a concurrent consumer that says nothing. Apache: DefaultMQPushConsumerImpl.java. */
export const DEFAULT_MAX_RECONSUME_TIMES = 16;

/** A message that was not consumed, as told to observers. */
export interface ConsumeFailure {
  readonly group: string;
  /** `Class.method`; absent when no handler was found. */
  readonly handler: string | undefined;
  readonly message: MessageExt;
  readonly decision: Decision;
}

/** What a {@link GroupConsumer} works with. */
export interface GroupConsumerParts {
  readonly consumer: RocketPushConsumer;
  readonly runner: HandlerRunner;
  readonly deadLetters: DeadLetterSender;
  readonly logger: Logger;
  readonly delayLevelsMs: readonly number[] | undefined;
  /** Time shutdown waits for handlers that ran into their timeout, ms. */
  readonly shutdownTimeoutMs: number;
  readonly onFailure: (failure: ConsumeFailure) => void;
}

/** One consumer group: brings each message to its handler, carries out the decision, and tells the client. */
export class GroupConsumer {
  readonly #router: MessageRouter;
  readonly #limits = new Map<ConsumerDefinition, Semaphore>();
  readonly #maxReconsumeTimes: number;
  readonly #parts: GroupConsumerParts;

  constructor(
    readonly plan: GroupPlan,
    parts: GroupConsumerParts,
  ) {
    this.#parts = parts;
    this.#router = new MessageRouter(plan.handlers);
    this.#maxReconsumeTimes = plan.shared.maxReconsumeTimes ?? (plan.shared.mode === 'ORDERLY' ? -1 : DEFAULT_MAX_RECONSUME_TIMES);
    if (plan.handlers.length > 1) {
      for (const handler of plan.handlers) if (handler.concurrency !== undefined) this.#limits.set(handler, new Semaphore(handler.concurrency));
    }
  }

  get consumer(): RocketPushConsumer {
    return this.#parts.consumer;
  }

  async start(): Promise<void> {
    const { consumer } = this.#parts;
    for (const [topic, filter] of this.plan.subscriptions) consumer.subscribe(topic, filter);
    if (this.plan.shared.mode === 'ORDERLY') consumer.listenOrderly((messages, context) => this.#consumeOrderly(messages, context));
    else consumer.listenConcurrently((messages, context) => this.#consumeConcurrently(messages, context));
    await consumer.start();
  }

  /** Stops intake, waits for running handlers (bounded by the consumer), commits, leaves the group. */
  async shutdown(): Promise<void> {
    await this.#parts.consumer.shutdown();
    await this.#parts.runner.stragglersDone(this.#parts.shutdownTimeoutMs);
  }

  async #consumeConcurrently(messages: readonly MessageExt[], context: ListenerContext): Promise<ConcurrentOutcome> {
    const refused = await this.#consume(messages, context);
    if (refused === undefined) return { status: 'CONSUME_SUCCESS' };
    const delayLevel = refused.kind === 'deadLetter' ? -1 : delayLevelFor(refused.kind === 'retry' ? refused.delayMs : undefined, this.#parts.delayLevelsMs);
    return { status: 'RECONSUME_LATER', delayLevel };
  }

  async #consumeOrderly(messages: readonly MessageExt[], context: ListenerContext): Promise<OrderlyOutcome> {
    const refused = await this.#consume(messages, context);
    if (refused === undefined) return { status: 'SUCCESS' };
    return { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT', suspendMs: refused.kind === 'retry' ? refused.delayMs : undefined };
  }

  /** `undefined` when all messages are settled; else the decision that the client has to carry out. */
  async #consume(messages: readonly MessageExt[], context: ListenerContext): Promise<Decision | undefined> {
    const batch = this.plan.handlers[0].batch;
    const calls = batch === undefined ? messages.map((message) => [message]) : [messages];
    let refused: Decision | undefined;
    for (const call of calls) {
      for (const settlement of await this.#call(call, context)) {
        const decision = await this.#carryOut(settlement, this.#router.find(settlement.messages[0]));
        refused ??= decision;
      }
      if (refused !== undefined && this.plan.shared.mode === 'ORDERLY') break;
    }
    return refused;
  }

  async #call(messages: readonly MessageExt[], context: ListenerContext): Promise<Settlement[]> {
    const definition = this.#router.find(messages[0]);
    if (definition === undefined) return [this.#unroutable(messages)];
    const run = (): Promise<Settlement[]> => this.#parts.runner.run(definition, messages, context, this.#maxReconsumeTimes);
    const limit = this.#limits.get(definition);
    return limit === undefined ? run() : limit.run(run);
  }

  /** Delivered again, since during a roll-out another member may know the tag; given up when even an orderly queue has waited long enough. */
  #unroutable(messages: readonly MessageExt[]): Settlement {
    const [message] = messages;
    const error = new RocketMqError(
      'HANDLER_MISSING',
      `no handler of group "${this.plan.group}" takes topic "${originalTopicOf(message)}" with tag ${JSON.stringify(message.properties[PROPERTY.TAGS] ?? '')}; ` +
        'do all members of the group subscribe to the same?',
    );
    const limit = this.#maxReconsumeTimes < 0 ? DEFAULT_MAX_RECONSUME_TIMES : this.#maxReconsumeTimes;
    return { messages, decision: decide(error, message.reconsumeTimes, limit) };
  }

  /** @returns the decision when the client has to carry it out */
  async #carryOut({ messages, decision }: Settlement, definition: ConsumerDefinition | undefined): Promise<Decision | undefined> {
    if (decision.kind === 'consumed') return undefined;
    for (const message of messages) this.#report(message, decision, definition);
    if (decision.kind === 'drop') return undefined;
    if (decision.kind === 'retry') return decision;
    try {
      for (const message of messages) {
        await this.#parts.deadLetters.send(message, { group: this.plan.group, handler: definition?.place, reason: decision.reason, error: decision.error });
      }
      return undefined;
    } catch (error) {
      this.#parts.logger.error('the dead letter could not be sent with its reason; the broker is asked to dead-letter the message', {
        group: this.plan.group,
        msgId: messages[0].msgId,
        error,
      });
      return decision;
    }
  }

  #report(message: MessageExt, decision: Decision, definition: ConsumerDefinition | undefined): void {
    const fields = {
      group: this.plan.group,
      topic: originalTopicOf(message),
      msgId: message.msgId,
      keys: message.properties[PROPERTY.KEYS],
      reconsumeTimes: message.reconsumeTimes,
    };
    const who = definition?.place ?? 'no handler';
    if (decision.kind === 'drop') this.#parts.logger.info(`${who}: dropped: ${decision.reason}`, fields);
    if (decision.kind === 'retry') this.#parts.logger.warn(`${who}: failed, will be delivered again: ${describeError(decision.error)}`, fields);
    if (decision.kind === 'deadLetter') this.#parts.logger.error(`${who}: dead letter: ${decision.reason}`, { ...fields, error: decision.error });
    this.#parts.onFailure({ group: this.plan.group, handler: definition?.place, message, decision });
  }
}
