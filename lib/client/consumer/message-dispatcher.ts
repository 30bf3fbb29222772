import type { MessageExt } from '../../protocol/message/message.js';
import type { ListenerContext } from '../types.js';
import type { ProcessQueue } from './process-queue.js';

/** Takes fetched messages to the listener. */
export interface MessageDispatcher {
  /** Orderly dispatchers need the broker's lock on a queue. */
  readonly orderly: boolean;
  /** Messages of a queue became available. */
  offer(processQueue: ProcessQueue): void;
  /** Starts no further listener calls. */
  pause(): void;
  resume(): void;
  /** Resolves when no listener call is at work. */
  waitUntilIdle(): Promise<void>;
  /** Ends timers; nothing is started any more. */
  close(): void;
  /** Calls the listener with one message, outside the ordinary flow. */
  consumeDirectly(message: MessageExt, context: ListenerContext): Promise<DirectOutcome>;
}

/** What a listener made of a message it was handed directly, in Apache's words. */
export type DirectOutcome = 'CR_SUCCESS' | 'CR_LATER';

/** News of listener calls, for statistics. */
export interface DispatchObserver {
  /** A listener call has ended. */
  consumed(topic: string, messages: number, durationMs: number, success: boolean): void;
}

/** Whether a listener's return value has to be awaited; those that return at once cost no promise. */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
