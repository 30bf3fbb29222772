import type { RocketMqError } from '../errors/rocketmq-error.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import type { Clock, TimerHandle } from '../runtime/clock.js';

/** Expired requests are looked for no more often than this, in ms: timeouts may come this much late. */
const CHECK_SPACING_MS = 20;

interface PendingRequest {
  readonly code: number;
  readonly timeoutMs: number;
  /** Monotonic time of giving up. */
  readonly deadline: number;
  readonly resolve: (response: RemotingCommand) => void;
  readonly reject: (error: RocketMqError) => void;
}

/**
 * Requests of one connection that wait for their response, by request id.
 *
 * There is one timer for all of them: it is armed for the earliest deadline known and looks through the table when it
 * fires. Requests come and go without touching a timer, and because nearly all are answered long before their deadline,
 * the table is looked through about once per timeout period.
 */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #expired: (code: number, timeoutMs: number) => RocketMqError;
  readonly #requests = new Map<number, PendingRequest>();
  #timer: TimerHandle | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  /** @param expired makes the error of a request that got no response in time */
  constructor(clock: Clock, expired: (code: number, timeoutMs: number) => RocketMqError) {
    this.#clock = clock;
    this.#expired = expired;
  }

  /** Requests waiting. */
  get size(): number {
    return this.#requests.size;
  }

  /** Registers a request; the promise settles with its response, or fails after `timeoutMs`. */
  add(opaque: number, code: number, timeoutMs: number): Promise<RemotingCommand> {
    return new Promise((resolve, reject) => {
      const deadline = this.#clock.monotonic() + timeoutMs;
      this.#requests.set(opaque, { code, timeoutMs, deadline, resolve, reject });
      if (deadline < this.#timerAt) this.#arm(deadline);
    });
  }

  /** Whether a request waits under this id. */
  has(opaque: number): boolean {
    return this.#requests.has(opaque);
  }

  /** Hands a response to its request; `false` when none waits under its id (answered before, timed out, never asked). */
  settle(response: RemotingCommand): boolean {
    const request = this.#requests.get(response.opaque);
    if (request === undefined) return false;
    this.#requests.delete(response.opaque);
    request.resolve(response);
    return true;
  }

  /** Fails all requests, for the connection is gone. */
  failAll(error: RocketMqError): void {
    this.#timer?.cancel();
    this.#timerAt = Number.POSITIVE_INFINITY;
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.reject(error);
  }

  #arm(deadline: number): void {
    this.#timer?.cancel();
    this.#timerAt = deadline;
    const delay = Math.max(CHECK_SPACING_MS, Math.ceil(deadline - this.#clock.monotonic()));
    this.#timer = this.#clock.schedule(delay, () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    let next = Number.POSITIVE_INFINITY;
    this.#timerAt = next;
    const expired: PendingRequest[] = [];
    for (const [opaque, request] of this.#requests) {
      if (request.deadline <= now) {
        this.#requests.delete(opaque);
        expired.push(request);
      } else if (request.deadline < next) {
        next = request.deadline;
      }
    }
    if (next !== Number.POSITIVE_INFINITY) this.#arm(next);
    for (const request of expired) request.reject(this.#expired(request.code, request.timeoutMs));
  }
}
