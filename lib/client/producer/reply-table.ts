import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt } from '../../protocol/message/message.js';
import type { Clock, TimerHandle } from '../../runtime/clock.js';

interface Waiting {
  readonly resolve: (reply: MessageExt) => void;
  readonly reject: (error: RocketMqError) => void;
  readonly timer: TimerHandle;
}

/** Requests sent as messages that wait for their reply message, by correlation id. */
export class ReplyTable {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with the reply; fails with `REQUEST_TIMEOUT` after `timeoutMs`. */
  expect(correlationId: string, timeoutMs: number): Promise<MessageExt> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.schedule(timeoutMs, () => {
        this.#waiting.delete(correlationId);
        reject(
          new RocketMqError('REQUEST_TIMEOUT', `no consumer replied within ${timeoutMs} ms; the request itself may have been handled`, {
            retryable: true,
            details: { correlationId, timeoutMs },
          }),
        );
      });
      this.#waiting.set(correlationId, { resolve, reject, timer });
    });
  }

  /** Hands a reply to its request; `false` when none waits for it. */
  settle(correlationId: string, reply: MessageExt): boolean {
    const waiting = this.#take(correlationId);
    waiting?.resolve(reply);
    return waiting !== undefined;
  }

  /** Gives up on a request, because it could not be sent. */
  fail(correlationId: string, error: RocketMqError): void {
    this.#take(correlationId)?.reject(error);
  }

  /** Fails every request: the client is shut down. */
  close(): void {
    const error = new RocketMqError('CLIENT_CLOSED', 'the client was shut down while a request waited for its reply');
    for (const correlationId of this.#waiting.keys()) this.fail(correlationId, error);
  }

  #take(correlationId: string): Waiting | undefined {
    const waiting = this.#waiting.get(correlationId);
    this.#waiting.delete(correlationId);
    waiting?.timer.cancel();
    return waiting;
  }
}
