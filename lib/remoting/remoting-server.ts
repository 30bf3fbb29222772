import type { Clock, TimerHandle } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { Network, NetworkListener, NetworkSocket } from '../runtime/network.js';
import { NodeNetwork } from '../runtime/node-network.js';
import { Connection, DEFAULT_CONNECTION_LIMITS } from './connection.js';
import type { ConnectionLimits, ConnectionOwner } from './connection.js';
import type { RemotingChannel, RequestHandler } from './remoting-channel.js';

/** Where a server listens, and the bounds of its connections. */
export interface RemotingServerOptions extends ConnectionLimits {
  /** Address to listen on, e.g. `127.0.0.1` or `0.0.0.0`. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/** News of connections. */
export interface RemotingServerHooks {
  readonly onConnected?: (channel: RemotingChannel) => void;
  /** The channel's `closed` signal is aborted already. */
  readonly onClosed?: (channel: RemotingChannel) => void;
}

/** How often connections are looked at for silence, at most, ms. */
const LONGEST_EXAMINE_PERIOD_MS = 5_000;

/**
 * Listens on one port and hands every request to the handler, which answers through the channel's `reply`.
 * A broker listens on two ports with two servers and one handler.
 */
export class RemotingServer {
  readonly #options: RemotingServerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #hooks: RemotingServerHooks;
  readonly #network: Network;
  readonly #owner: ConnectionOwner;
  readonly #connections = new Set<Connection>();
  #listener: NetworkListener | undefined;
  #examiner: TimerHandle | undefined;
  #onAllClosed: (() => void) | undefined;

  constructor(
    options: RemotingServerOptions,
    handler: RequestHandler,
    clock: Clock,
    logger: Logger,
    hooks: RemotingServerHooks = {},
    network: Network = new NodeNetwork(),
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#hooks = hooks;
    this.#network = network;
    this.#owner = {
      limits: withLimitDefaults(options),
      language: 'JAVA',
      onRequest: handler,
      onClosed: (connection, error) => this.#forget(connection, error),
    };
  }

  /**
   * Starts listening.
   * @returns the real address; the port is never 0
   * @throws RocketMqError `ADDRESS_IN_USE`
   */
  async listen(): Promise<{ host: string; port: number }> {
    const { host, port } = this.#options;
    this.#listener = await this.#network.listen(
      host,
      port,
      (socket) => this.#accept(socket),
      (error) => this.#logger.error('accepting connections failed', { host, port, error }),
    );
    const { limits } = this.#owner;
    const period = Math.min(LONGEST_EXAMINE_PERIOD_MS, limits.idleTimeoutMs / 4, limits.frozenReaderTimeoutMs / 4);
    this.#examiner = this.#clock.repeat(Math.max(1, period), () => this.#examine());
    return { host: this.#listener.host, port: this.#listener.port };
  }

  /** Connections open now. */
  channels(): readonly RemotingChannel[] {
    return [...this.#connections];
  }

  /** Stops listening, sends what is written, closes every connection (by force when its peer does not read). May be called twice. */
  async close(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
    if (this.#connections.size > 0) {
      const allClosed = new Promise<void>((resolve) => (this.#onAllClosed = resolve));
      for (const connection of this.#connections) connection.close();
      await allClosed;
    }
    this.#examiner?.cancel();
  }

  #accept(socket: NetworkSocket): void {
    const connection = new Connection(socket, this.#owner, this.#clock, this.#logger);
    this.#connections.add(connection);
    this.#guarded('onConnected', () => this.#hooks.onConnected?.(connection));
    connection.start();
    // Accepted by the system before, handed to us after the listener was closed.
    if (this.#listener === undefined && this.#examiner !== undefined) connection.close();
  }

  #forget(connection: Connection, error: Error | undefined): void {
    this.#connections.delete(connection);
    if (error !== undefined) this.#logger.debug('a connection broke', { remoteAddress: connection.remoteAddress, error });
    this.#guarded('onClosed', () => this.#hooks.onClosed?.(connection));
    if (this.#connections.size === 0) this.#onAllClosed?.();
  }

  #examine(): void {
    const now = this.#clock.monotonic();
    for (const connection of this.#connections) connection.examine(now);
  }

  #guarded(hook: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#logger.error(`the ${hook} hook threw`, { error });
    }
  }
}

/** Fills in the defaults of {@link ConnectionLimits}. */
export function withLimitDefaults(limits: ConnectionLimits): Required<ConnectionLimits> {
  const defaults = DEFAULT_CONNECTION_LIMITS;
  return {
    maxFrameBytes: limits.maxFrameBytes ?? defaults.maxFrameBytes,
    maxPendingRequests: limits.maxPendingRequests ?? defaults.maxPendingRequests,
    maxPendingWriteBytes: limits.maxPendingWriteBytes ?? defaults.maxPendingWriteBytes,
    frozenReaderTimeoutMs: limits.frozenReaderTimeoutMs ?? defaults.frozenReaderTimeoutMs,
    idleTimeoutMs: limits.idleTimeoutMs ?? defaults.idleTimeoutMs,
  };
}
