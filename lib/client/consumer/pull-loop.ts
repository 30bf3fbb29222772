import type { SubscriptionData } from '../../protocol/body/subscription-data.js';
import type { MessageExt } from '../../protocol/message/message.js';
import { ResponseCode } from '../../protocol/response-code.js';
import { responseCodeOf } from '../../remoting/command-response.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { PullResult } from '../types.js';
import type { ProcessQueue } from './process-queue.js';
import type { Puller } from './puller.js';

/** How a push consumer pulls. */
export interface PullSettings {
  readonly batchSize: number;
  /** How long the broker may hold an empty pull, ms. */
  readonly suspendMs: number;
  /** Commit offsets with each pull; not for broadcasting. */
  readonly commits: boolean;
}

/** What a pull loop tells. */
export interface PullEvents {
  /** The subscription of the queue's topic at the moment; `undefined` when there is none any more. */
  subscriptionOf(topic: string): SubscriptionData | undefined;
  /** The messages as the listener is to see them. */
  restore(messages: readonly MessageExt[]): readonly MessageExt[];
  /** Messages are ready for the listener. */
  onMessages(processQueue: ProcessQueue): void;
  /** The broker says that reading has to go on elsewhere; the loop ends. */
  onOffsetMoved(processQueue: ProcessQueue, nextOffset: number): void;
}

/** Time for a pull beyond what the broker may hold it, ms. */
const PULL_TIMEOUT_MS = 15_000;
const PAUSE_AFTER_ERROR_MS = 1_000;
const PAUSE_AFTER_FLOW_CONTROL_MS = 20;
/** Of failures in a row, the first and then one of so many are logged as warnings. */
const LOG_EVERY = 60;

/** Keeps a queue's messages coming: one pull after another, as long as the queue is ours and not too full. */
export class PullLoop {
  readonly #puller: Puller;
  readonly #settings: PullSettings;
  readonly #events: PullEvents;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(puller: Puller, settings: PullSettings, events: PullEvents, clock: Clock, logger: Logger) {
    this.#puller = puller;
    this.#settings = settings;
    this.#events = events;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Pulls until the queue is dropped or `stop` is aborted. Never fails. */
  async run(processQueue: ProcessQueue, stop: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([processQueue.dropped, stop]);
    while (!ended.aborted) {
      await processQueue.waitForRoom();
      const subscription = this.#events.subscriptionOf(processQueue.queue.topic);
      if (ended.aborted) break;
      if (subscription === undefined) await this.#clock.sleep(PAUSE_AFTER_ERROR_MS, ended);
      else if (!(await this.#pullOnce(processQueue, subscription, ended))) break;
    }
    this.#puller.forget(processQueue.queue);
  }

  /** `false`: this loop has come to its end. */
  async #pullOnce(processQueue: ProcessQueue, subscription: SubscriptionData, ended: AbortSignal): Promise<boolean> {
    const { batchSize, suspendMs, commits } = this.#settings;
    let result: PullResult;
    try {
      result = await this.#puller.pull({
        queue: processQueue.queue,
        offset: processQueue.nextOffset,
        maxMessages: batchSize,
        suspendMs,
        timeoutMs: PULL_TIMEOUT_MS,
        subscription,
        withSubscription: false,
        commitOffset: commits && processQueue.lastPullAt > 0 ? processQueue.commitOffset : 0,
      });
    } catch (error) {
      if (!ended.aborted) await this.#pauseAfter(error, processQueue, ended);
      return true;
    }
    if (ended.aborted) return false;
    return this.#accept(processQueue, result);
  }

  #accept(processQueue: ProcessQueue, result: PullResult): boolean {
    processQueue.failedPulls = 0;
    processQueue.lastPullAt = this.#clock.now();
    processQueue.brokerMaxOffset = result.maxOffset;
    if (result.status === 'OFFSET_ILLEGAL') {
      this.#logger.warn('the offset to pull from is not in the queue; going on elsewhere', {
        ...processQueue.queue,
        offset: processQueue.nextOffset,
        nextBeginOffset: result.nextBeginOffset,
      });
      this.#events.onOffsetMoved(processQueue, result.nextBeginOffset);
      return false;
    }
    processQueue.put(this.#events.restore(result.messages), result.nextBeginOffset);
    if (result.messages.length > 0) this.#events.onMessages(processQueue);
    return true;
  }

  async #pauseAfter(error: unknown, processQueue: ProcessQueue, ended: AbortSignal): Promise<void> {
    if (responseCodeOf(error) === ResponseCode.FLOW_CONTROL) {
      await this.#clock.sleep(PAUSE_AFTER_FLOW_CONTROL_MS, ended);
      return;
    }
    // A broker that is down for an hour is worth more than one line, but not one per queue and second.
    const level = processQueue.failedPulls++ % LOG_EVERY === 0 ? 'warn' : 'debug';
    this.#logger[level]('a pull failed; trying again', { ...processQueue.queue, offset: processQueue.nextOffset, failures: processQueue.failedPulls, error });
    await this.#clock.sleep(PAUSE_AFTER_ERROR_MS, ended);
  }
}
