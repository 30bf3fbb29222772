import type { RemotingChannel } from '../../lib/remoting/remoting-channel.js';

/**
 * How much unanswered work a server takes on; what comes beyond is answered SYSTEM_BUSY. Only requests whose answer has to wait
 * (a disk, a held pull) count. Bytes are those of request bodies.
 */
export interface InFlightLimits {
  /** Unanswered requests of one connection. Held pulls count, so it must exceed the queues one client reads. Default 32,768. */
  readonly connectionRequests: number;
  /** Body bytes of one connection's unanswered requests. Default 64 MiB. */
  readonly connectionBytes: number;
  /** Unanswered requests of all connections. Default 131,072. */
  readonly totalRequests: number;
  /** Body bytes of all unanswered requests. Default 512 MiB. */
  readonly totalBytes: number;
}

/** Limits that a well-behaved client never meets. */
export const DEFAULT_IN_FLIGHT_LIMITS: InFlightLimits = {
  connectionRequests: 32_768,
  connectionBytes: 64 * 1024 * 1024,
  totalRequests: 131_072,
  totalBytes: 512 * 1024 * 1024,
};

/** One connection's unanswered work; a request's holder gives back through it. */
export interface ConnectionLoad {
  requests: number;
  bytes: number;
  /** Set when the connection closed: its work was given back all at once. */
  closed: boolean;
}

/** Counts unanswered requests and their bytes, per connection and in all, against {@link InFlightLimits}. */
export class InFlightMeter {
  readonly #loads = new Map<number, ConnectionLoad>();
  #requests = 0;
  #bytes = 0;
  readonly #idleWaiters: (() => void)[] = [];
  // Requests of one connection mostly arrive in a row; this spares the map look-up.
  #lastId = -1;
  #lastLoad: ConnectionLoad = { requests: 0, bytes: 0, closed: true };

  constructor(private readonly limits: InFlightLimits = DEFAULT_IN_FLIGHT_LIMITS) {}

  /** Unanswered requests of all connections. */
  get requests(): number {
    return this.#requests;
  }

  /** Body bytes of all unanswered requests. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The account of a connection; made at its first request, dropped when it closes. */
  loadOf(channel: RemotingChannel): ConnectionLoad {
    if (channel.id === this.#lastId) return this.#lastLoad;
    const load = this.#loads.get(channel.id) ?? this.#openAccount(channel);
    this.#lastId = channel.id;
    this.#lastLoad = load;
    return load;
  }

  /** Whether one more request of `bytes` fits. A request alone on its connection always fits its connection's byte limit. */
  admits(load: ConnectionLoad, bytes: number): boolean {
    const { limits } = this;
    return (
      load.requests < limits.connectionRequests &&
      this.#requests < limits.totalRequests &&
      (load.bytes === 0 || load.bytes + bytes <= limits.connectionBytes) &&
      (this.#bytes === 0 || this.#bytes + bytes <= limits.totalBytes)
    );
  }

  /** Notes that a request waits for its answer. */
  take(load: ConnectionLoad, bytes: number): void {
    if (load.closed) return;
    load.requests += 1;
    load.bytes += bytes;
    this.#requests += 1;
    this.#bytes += bytes;
  }

  /** Notes that a request was answered (or given up). */
  giveBack(load: ConnectionLoad, bytes: number): void {
    if (load.closed) return;
    load.requests -= 1;
    load.bytes -= bytes;
    this.#lower(1, bytes);
  }

  /** Resolves when nothing is unanswered. */
  whenIdle(): Promise<void> {
    if (this.#requests === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  #openAccount(channel: RemotingChannel): ConnectionLoad {
    const load: ConnectionLoad = { requests: 0, bytes: 0, closed: channel.closed.aborted };
    if (load.closed) return load;
    this.#loads.set(channel.id, load);
    channel.closed.addEventListener('abort', () => this.#closeAccount(channel.id, load), { once: true });
    return load;
  }

  #closeAccount(id: number, load: ConnectionLoad): void {
    this.#loads.delete(id);
    if (this.#lastId === id) this.#lastId = -1;
    load.closed = true;
    this.#lower(load.requests, load.bytes);
  }

  #lower(requests: number, bytes: number): void {
    this.#requests -= requests;
    this.#bytes -= bytes;
    if (this.#requests === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
