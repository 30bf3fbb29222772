import { isObservable, lastValueFrom } from 'rxjs';
import type { ListenerContext } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import { ConsumeOutcomeException, PayloadInvalid } from '../exceptions/consume-outcome.exception.js';
import type { RocketTemplate } from '../producer/rocket-template.js';
import { RocketContext } from '../transport/rocket.context.js';
import type { ConsumerDefinition } from './consumer-definition.js';
import { CONSUMED, decide, decisiveError, describeError, isBadInput, type Decision } from './decision.js';

/** Messages that share a decision. */
export interface Settlement {
  readonly messages: readonly MessageExt[];
  readonly decision: Decision;
}

/** Runs work between the processing hooks of the Nest server. */
export type HookRunner = (context: RocketContext, work: () => Promise<unknown>) => Promise<unknown>;

interface Decoded {
  readonly message: MessageExt;
  readonly payload: unknown;
}

/** Takes messages through codec, Nest pipeline, timeout and reply, and says what becomes of them. Never rejects. */
export class HandlerRunner {
  /** Handlers that ran into their timeout and have not ended yet. */
  readonly #stragglers = new Set<Promise<unknown>>();

  constructor(
    private readonly clock: Clock,
    private readonly template: RocketTemplate,
    private readonly runWithHooks: HookRunner,
    private readonly logger: Logger,
  ) {}

  async run(definition: ConsumerDefinition, messages: readonly MessageExt[], listener: ListenerContext, maxReconsumeTimes: number): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    const decoded: Decoded[] = [];
    for (const message of messages) {
      try {
        decoded.push({ message, payload: definition.codec.decode(message.body, message) });
      } catch (error) {
        const invalid = new PayloadInvalid(`the body cannot be read: ${describeError(error)}`, { cause: error });
        settlements.push(await this.#settleError(definition, [message], invalid, maxReconsumeTimes));
      }
    }
    if (decoded.length > 0) settlements.push(...(await this.#handle(definition, decoded, listener, maxReconsumeTimes)));
    return settlements;
  }

  /** Resolves when no handler that timed out is still running, or when `timeoutMs` has passed. */
  async stragglersDone(timeoutMs: number): Promise<void> {
    if (this.#stragglers.size === 0) return;
    const waited = new AbortController();
    await Promise.race([Promise.allSettled(this.#stragglers), this.clock.sleep(timeoutMs, waited.signal)]);
    waited.abort();
    if (this.#stragglers.size > 0) this.logger.warn(`${this.#stragglers.size} handlers that ran into their timeout are still running; shutdown goes on without them`);
  }

  async #handle(definition: ConsumerDefinition, decoded: readonly Decoded[], listener: ListenerContext, maxReconsumeTimes: number): Promise<Settlement[]> {
    const messages = decoded.map(({ message }) => message);
    const payload = definition.batch === undefined ? decoded[0].payload : decoded.map((one) => one.payload);
    const context = new RocketContext(messages, definition, listener, maxReconsumeTimes);
    try {
      const value = await this.#bounded(definition, context, payload);
      if (definition.reply) await this.#reply(definition, context.message, value, false);
      if (context.error !== undefined) {
        this.logger.warn(`an exception filter answered the error of ${definition.place}, so the message counts as consumed`, {
          msgId: context.msgId,
          cause: describeError(context.error),
        });
      }
      return [{ messages, decision: CONSUMED }];
    } catch (thrown) {
      const error = decisiveError(thrown, context.error);
      // A batch is refused as a whole when one of its payloads is invalid; handled one by one, only that one is given up.
      if (decoded.length > 1 && (error instanceof PayloadInvalid || isBadInput(error))) return this.#oneByOne(definition, decoded, listener, maxReconsumeTimes);
      return [await this.#settleError(definition, messages, error, maxReconsumeTimes, thrown)];
    }
  }

  async #oneByOne(definition: ConsumerDefinition, decoded: readonly Decoded[], listener: ListenerContext, maxReconsumeTimes: number): Promise<Settlement[]> {
    const settlements: Settlement[] = [];
    for (const one of decoded) settlements.push(...(await this.#handle(definition, [one], listener, maxReconsumeTimes)));
    return settlements;
  }

  async #settleError(definition: ConsumerDefinition, messages: readonly MessageExt[], error: unknown, maxReconsumeTimes: number, thrown: unknown = error): Promise<Settlement> {
    const reconsumeTimes = Math.max(...messages.map((message) => message.reconsumeTimes));
    const decision = decide(error, reconsumeTimes, maxReconsumeTimes);
    const wantsRedelivery = error instanceof ConsumeOutcomeException && decision.kind === 'retry';
    if (definition.reply && !wantsRedelivery && isRequest(messages[0])) {
      await this.#reply(definition, messages[0], errorForCaller(thrown, error), true);
      this.logger.warn(`${definition.place} failed; its caller was told`, { msgId: messages[0].msgId, error });
      return { messages, decision: CONSUMED };
    }
    return { messages, decision };
  }

  async #bounded(definition: ConsumerDefinition, context: RocketContext, payload: unknown): Promise<unknown> {
    const work = this.runWithHooks(context, () => runPipeline(definition, payload, context));
    if (definition.timeoutMs === 0) return work;
    return new Promise((resolve, reject) => {
      const timer = this.clock.schedule(definition.timeoutMs, () => {
        const error = new RocketMqError('HANDLER_TIMEOUT', `${definition.place} did not end within its timeoutMs of ${definition.timeoutMs}`, { retryable: true });
        context.abort(error);
        this.#watchStraggler(definition, context, work);
        reject(error);
      });
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  #watchStraggler(definition: ConsumerDefinition, context: RocketContext, work: Promise<unknown>): void {
    const late = work.then(
      () => this.logger.warn(`${definition.place} ended after its timeout; the message is delivered again all the same`, { msgId: context.msgId }),
      (error: unknown) => this.logger.warn(`${definition.place} failed after its timeout`, { msgId: context.msgId, error }),
    );
    this.#stragglers.add(late);
    void late.finally(() => this.#stragglers.delete(late));
  }

  async #reply(definition: ConsumerDefinition, request: MessageExt, value: unknown, isError: boolean): Promise<void> {
    if (!isRequest(request)) return;
    try {
      await this.template.reply(request, value, { codec: definition.codec, isError });
    } catch (error) {
      this.logger.error(`the reply of ${definition.place} could not be sent; its caller runs into a timeout`, { msgId: request.msgId, error });
    }
  }
}

async function runPipeline(definition: ConsumerDefinition, payload: unknown, context: RocketContext): Promise<unknown> {
  const result: unknown = await definition.handler(payload, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

/** Whether somebody waits for a reply. Apache: MessageConst.java (PROPERTY_MESSAGE_REPLY_TO_CLIENT). */
function isRequest(message: MessageExt): boolean {
  return message.properties[PROPERTY.REPLY_TO_CLIENT] !== undefined;
}

/** What the caller gets: the filter's own words; for our outcomes, which the filter passes on as they are, the reason. */
function errorForCaller(thrown: unknown, error: unknown): unknown {
  if (thrown instanceof Error) {
    const isOurs = error instanceof ConsumeOutcomeException || error instanceof RocketMqError;
    return { status: 'error', message: isOurs ? thrown.message : 'Internal server error' };
  }
  return thrown;
}
