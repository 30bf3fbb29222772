import type { MessageExt } from '../../protocol/message/message.js';
import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { ListenerContext, OrderlyListener, OrderlyOutcome } from '../types.js';
import { isPromiseLike } from './message-dispatcher.js';
import type { DirectOutcome, DispatchObserver, MessageDispatcher } from './message-dispatcher.js';
import type { ProcessQueue, QueueEntry } from './process-queue.js';

/** How listener calls are made. */
export interface OrderlySettings {
  /** Queues worked on at the same time. */
  readonly concurrency: number;
  /** Messages per call. */
  readonly batchSize: number;
  /** Pause of a queue after a failure, ms. */
  readonly suspendMs: number;
  /** Deliveries after the first before a message leaves the queue. */
  readonly maxReconsumeTimes: number;
}

/** What an orderly dispatcher needs of others. */
export interface OrderlyPorts {
  /** Tries to lock the queue at its broker once more; updates `lockedUntil`. Resolves without an error. */
  relock(processQueue: ProcessQueue): Promise<void>;
  /** Puts a message that failed too often on the retry topic, from where the broker dead-letters it; `false`: not possible now. */
  giveUp(message: MessageExt): Promise<boolean>;
}

/** Pause before another attempt to lock, ms. */
const RELOCK_PAUSE_MS = 500;
/** Bounds of a pause that a listener asks for, ms. Apache: ConsumeMessageOrderlyService.java */
const SUSPEND_MIN_MS = 10;
const SUSPEND_MAX_MS = 30_000;
/** Calls made in a row before other work of the event loop gets its turn. */
const CALLS_PER_TURN = 256;

/** Calls the listener with the messages of each queue in order, one call at a time per queue; a failure stops the queue for a moment. */
export class OrderlyDispatcher implements MessageDispatcher {
  readonly orderly = true;
  readonly #listener: OrderlyListener;
  readonly #settings: OrderlySettings;
  readonly #ports: OrderlyPorts;
  readonly #observer: DispatchObserver;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Queues that could go on, in turn. */
  readonly #ready = new Set<ProcessQueue>();
  /** Queues that are being worked on or wait out a pause. */
  readonly #busy = new Set<ProcessQueue>();
  readonly #timers = new Set<TimerHandle>();
  readonly #onIdle: (() => void)[] = [];
  #running = 0;
  #paused = false;
  #pumping = false;
  #closed = false;

  constructor(listener: OrderlyListener, settings: OrderlySettings, ports: OrderlyPorts, observer: DispatchObserver, clock: Clock, logger: Logger) {
    this.#listener = listener;
    this.#settings = settings;
    this.#ports = ports;
    this.#observer = observer;
    this.#clock = clock;
    this.#logger = logger;
  }

  offer(processQueue: ProcessQueue): void {
    if (this.#busy.has(processQueue)) return;
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
    return outcome?.status === 'SUSPEND_CURRENT_QUEUE_A_MOMENT' ? 'CR_LATER' : 'CR_SUCCESS';
  }

  #pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    let calls = 0;
    for (const processQueue of this.#ready) {
      if (this.#paused || this.#running >= this.#settings.concurrency) break;
      if (++calls > CALLS_PER_TURN) {
        this.#later(0, () => this.#pump());
        break;
      }
      this.#ready.delete(processQueue);
      if (!processQueue.hasAvailable || processQueue.dropped.aborted) continue;
      this.#busy.add(processQueue);
      if (processQueue.lockedUntil > this.#clock.now()) this.#call(processQueue);
      else void this.#relock(processQueue);
    }
    this.#pumping = false;
  }

  /** Without a lock that can be trusted, another member may be at work on the queue. */
  async #relock(processQueue: ProcessQueue): Promise<void> {
    await this.#ports.relock(processQueue);
    if (processQueue.lockedUntil > this.#clock.now()) this.#release(processQueue);
    else this.#releaseLater(processQueue, RELOCK_PAUSE_MS);
  }

  #call(processQueue: ProcessQueue): void {
    const entries = processQueue.take(this.#settings.batchSize, this.#clock.now());
    this.#running++;
    processQueue.enter();
    const started = this.#clock.monotonic();
    try {
      const outcome = this.#listener(
        entries.map((entry) => entry.message),
        processQueue.context,
      );
      if (!isPromiseLike(outcome)) {
        this.#finish(processQueue, entries, started, outcome);
        return;
      }
      outcome.then(
        (value) => this.#finish(processQueue, entries, started, value),
        (error: unknown) => this.#fail(processQueue, entries, started, error),
      );
    } catch (error) {
      this.#fail(processQueue, entries, started, error);
    }
  }

  #fail(processQueue: ProcessQueue, entries: QueueEntry[], started: number, error: unknown): void {
    const { message } = entries[0];
    this.#logger.warn('a listener failed; its queue pauses and offers the messages again', { ...processQueue.queue, msgId: message.msgId, messages: entries.length, error });
    this.#finish(processQueue, entries, started, { status: 'SUSPEND_CURRENT_QUEUE_A_MOMENT' });
  }

  #finish(processQueue: ProcessQueue, entries: QueueEntry[], started: number, outcome: OrderlyOutcome | void): void {
    const success = outcome?.status !== 'SUSPEND_CURRENT_QUEUE_A_MOMENT';
    this.#observer.consumed(processQueue.queue.topic, entries.length, this.#clock.monotonic() - started, success);
    if (success) {
      processQueue.settle(entries);
      this.#end(processQueue);
      this.#release(processQueue);
    } else {
      void this.#suspend(processQueue, entries, outcome.suspendMs ?? this.#settings.suspendMs);
    }
  }

  async #suspend(processQueue: ProcessQueue, entries: QueueEntry[], suspendMs: number): Promise<void> {
    const left = processQueue.dropped.aborted ? entries : await this.#withoutGivenUp(processQueue, entries);
    for (const entry of left) entry.message = { ...entry.message, reconsumeTimes: entry.message.reconsumeTimes + 1 };
    if (left.length > 0) processQueue.takeBack();
    this.#end(processQueue);
    if (left.length === 0) this.#release(processQueue);
    else this.#releaseLater(processQueue, Math.min(SUSPEND_MAX_MS, Math.max(SUSPEND_MIN_MS, suspendMs)));
  }

  /** Those of the failed messages that stay in the queue. */
  async #withoutGivenUp(processQueue: ProcessQueue, entries: QueueEntry[]): Promise<QueueEntry[]> {
    const left: QueueEntry[] = [];
    for (const entry of entries) {
      if (entry.message.reconsumeTimes >= this.#settings.maxReconsumeTimes && (await this.#ports.giveUp(entry.message))) processQueue.settle([entry]);
      else left.push(entry);
    }
    return left;
  }

  #end(processQueue: ProcessQueue): void {
    processQueue.leave();
    if (--this.#running === 0) this.#onIdle.splice(0).forEach((resolve) => resolve());
  }

  #release(processQueue: ProcessQueue): void {
    this.#busy.delete(processQueue);
    if (processQueue.hasAvailable) this.#ready.add(processQueue);
    this.#pump();
  }

  #releaseLater(processQueue: ProcessQueue, delayMs: number): void {
    this.#later(delayMs, () => this.#release(processQueue));
  }

  #later(delayMs: number, callback: () => void): void {
    if (this.#closed) return;
    const timer = this.#clock.schedule(delayMs, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }
}

