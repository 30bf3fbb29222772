import type { MessageExt } from '../../protocol/message/message.js';
import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { ConcurrentListener, ConcurrentOutcome, ListenerContext } from '../types.js';
import { isPromiseLike } from './message-dispatcher.js';
import type { DirectOutcome, DispatchObserver, MessageDispatcher } from './message-dispatcher.js';
import type { ProcessQueue, QueueEntry } from './process-queue.js';

/** How listener calls are made. */
export interface ConcurrentSettings {
  /** Listener calls at the same time. */
  readonly concurrency: number;
  /** Messages per call. */
  readonly batchSize: number;
  /** A message under way for longer is sent back, ms. */
  readonly consumeTimeoutMs: number;
}

/** What becomes of messages that the listener did not consume; `true`: they will come again, or are dealt with. */
export type FailureHandler = (message: MessageExt, delayLevel: number) => Promise<boolean>;

interface Batch {
  readonly processQueue: ProcessQueue;
  readonly entries: QueueEntry[];
}

/** Pause before a message that could be sent back nowhere is delivered again, ms. */
const LOCAL_RETRY_MS = 5_000;
/** Calls made in a row before other work of the event loop gets its turn. */
const CALLS_PER_TURN = 256;
/** Delay level of a message that took too long. */
const EXPIRED_DELAY_LEVEL = 3;
const LONGEST_EXPIRY_CHECK_MS = 60_000;
/** Most expired messages sent back per queue and check. */
const EXPIRED_PER_CHECK = 16;

/** Calls the listener with messages of all queues, several calls at a time, queues in turn. */
export class ConcurrentDispatcher implements MessageDispatcher {
  readonly orderly = false;
  readonly #listener: ConcurrentListener;
  readonly #settings: ConcurrentSettings;
  readonly #onFailure: FailureHandler;
  readonly #observer: DispatchObserver;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Queues with messages no listener has, in turn; a set, so that a queue is in it once. */
  readonly #ready = new Set<ProcessQueue>();
  /** Queues that may hold messages under way, for the expiry check. */
  readonly #seen = new Set<ProcessQueue>();
  /** Messages to be delivered again from here. */
  readonly #again: Batch[] = [];
  readonly #timers = new Set<TimerHandle>();
  readonly #onIdle: (() => void)[] = [];
  #running = 0;
  #paused = false;
  #pumping = false;
  #closed = false;

  constructor(listener: ConcurrentListener, settings: ConcurrentSettings, onFailure: FailureHandler, observer: DispatchObserver, clock: Clock, logger: Logger) {
    this.#listener = listener;
    this.#settings = settings;
    this.#onFailure = onFailure;
    this.#observer = observer;
    this.#clock = clock;
    this.#logger = logger;
    this.#timers.add(clock.repeat(Math.min(LONGEST_EXPIRY_CHECK_MS, settings.consumeTimeoutMs), () => this.#expire()));
  }

  offer(processQueue: ProcessQueue): void {
    this.#seen.add(processQueue);
    this.#ready.add(processQueue);
    this.#pump();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#pump();
  }

  waitUntilIdle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  async consumeDirectly(message: MessageExt, context: ListenerContext): Promise<DirectOutcome> {
    const outcome = await this.#listener([message], context);
    return outcome?.status === 'RECONSUME_LATER' ? 'CR_LATER' : 'CR_SUCCESS';
  }

  /** Starts calls until all slots are taken or nothing is left. A listener that returns at once is called again from here, not from within. */
  #pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    for (let calls = 0; !this.#paused && this.#running < this.#settings.concurrency; calls++) {
      if (calls >= CALLS_PER_TURN) {
        this.#later(0, () => this.#pump());
        break;
      }
      const batch = this.#nextBatch();
      if (batch === undefined) break;
      this.#call(batch);
    }
    this.#pumping = false;
  }

  #nextBatch(): Batch | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    for (const processQueue of this.#ready) {
      this.#ready.delete(processQueue);
      const entries = processQueue.take(this.#settings.batchSize, this.#clock.now());
      if (entries.length === 0) continue;
      // Back to the end of the line: queues take turns.
      if (processQueue.hasAvailable) this.#ready.add(processQueue);
      return { processQueue, entries };
    }
    return undefined;
  }

  #call(batch: Batch): void {
    const { processQueue, entries } = batch;
    this.#running++;
    processQueue.enter();
    const started = this.#clock.monotonic();
    try {
      const outcome = this.#listener(entries.map(messageOf), processQueue.context);
      if (!isPromiseLike(outcome)) {
        this.#finish(batch, started, outcome);
        return;
      }
      outcome.then(
        (value) => this.#finish(batch, started, value),
        (error: unknown) => this.#fail(batch, started, error),
      );
    } catch (error) {
      this.#fail(batch, started, error);
    }
  }

  #fail(batch: Batch, started: number, error: unknown): void {
    const { message } = batch.entries[0];
    this.#logger.warn('a listener failed; the messages will be delivered again', { topic: message.topic, msgId: message.msgId, messages: batch.entries.length, error });
    this.#finish(batch, started, { status: 'RECONSUME_LATER' });
  }

  #finish(batch: Batch, started: number, outcome: ConcurrentOutcome | void): void {
    const { processQueue, entries } = batch;
    const success = outcome?.status !== 'RECONSUME_LATER';
    this.#observer.consumed(processQueue.queue.topic, entries.length, this.#clock.monotonic() - started, success);
    if (success) {
      processQueue.settle(entries);
      this.#end(processQueue);
    } else {
      void this.#handBack(batch, outcome.delayLevel ?? 0).finally(() => this.#end(processQueue));
    }
  }

  #end(processQueue: ProcessQueue): void {
    processQueue.leave();
    if (--this.#running === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
    this.#pump();
  }

  /** Messages of a queue that is no longer ours come again by themselves: the next owner starts before them. */
  async #handBack({ processQueue, entries }: Batch, delayLevel: number): Promise<void> {
    if (processQueue.dropped.aborted) return;
    const handled = await Promise.all(entries.map((entry) => entry.settled || this.#onFailure(entry.message, delayLevel)));
    processQueue.settle(entries.filter((_, index) => handled[index]));
    const kept = entries.filter((_, index) => !handled[index]);
    if (kept.length === 0) return;
    for (const entry of kept) entry.message = { ...entry.message, reconsumeTimes: entry.message.reconsumeTimes + 1 };
    this.#later(LOCAL_RETRY_MS, () => {
      if (processQueue.dropped.aborted) return;
      this.#again.push({ processQueue, entries: kept });
      this.#pump();
    });
  }

  #later(delayMs: number, callback: () => void): void {
    if (this.#closed) return;
    const timer = this.#clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }

  /** A listener that hangs must not hold up the offset of its queue for ever. Apache: ProcessQueue.java */
  #expire(): void {
    for (const processQueue of this.#seen) {
      if (processQueue.dropped.aborted) this.#seen.delete(processQueue);
      else void this.#expireIn(processQueue);
    }
  }

  async #expireIn(processQueue: ProcessQueue): Promise<void> {
    for (let i = 0; i < EXPIRED_PER_CHECK; i++) {
      const oldest = processQueue.oldestUnderWay();
      if (oldest === undefined || this.#clock.now() - oldest.startedAt <= this.#settings.consumeTimeoutMs) return;
      this.#logger.warn('a listener takes too long; its message is sent back', { ...processQueue.queue, msgId: oldest.message.msgId });
      if (!(await this.#onFailure(oldest.message, EXPIRED_DELAY_LEVEL))) return;
      processQueue.settle([oldest]);
    }
  }
}

function messageOf(entry: QueueEntry): MessageExt {
  return entry.message;
}
