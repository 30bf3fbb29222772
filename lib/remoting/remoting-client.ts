import { RocketMqError } from '../errors/rocketmq-error.js';
import { encodeHeader } from '../protocol/define-command.js';
import type { Command, RequestHeaderOf } from '../protocol/define-command.js';
import type { RemotingCommand } from '../protocol/remoting-command.js';
import { ResponseCode } from '../protocol/response-code.js';
import type { Clock, TimerHandle } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { parseAddress } from '../runtime/network.js';
import type { Network } from '../runtime/network.js';
import { NodeNetwork } from '../runtime/node-network.js';
import { CommandResponse } from './command-response.js';
import { Connection } from './connection.js';
import type { ConnectionLimits, ConnectionOwner } from './connection.js';
import type { OutgoingRequest, RequestHandler } from './remoting-channel.js';
import { withLimitDefaults } from './remoting-server.js';
import { signRequest } from './request-signer.js';
import type { SigningKey } from './request-signer.js';

/** Options of a client's connections. */
export interface RemotingClientOptions extends ConnectionLimits {
  /** Longest wait for a connection, ms; default 3000. */
  readonly connectTimeoutMs?: number;
  /** Time for a request when the caller names none, ms; default 3000. */
  readonly requestTimeoutMs?: number;
  /** Signs every request when given. */
  readonly credentials?: SigningKey;
  /** Serves requests of peers (broker → client); without it they are logged and left unanswered. */
  readonly onRequest?: RequestHandler;
  /** A connection to `address` was opened; the requests it was opened for wait until this has resolved. It must not fail. */
  readonly onConnected?: (address: string) => Promise<void> | void;
  /** The connection to `address` broke or was closed by the peer; not called by {@link RemotingClient.close}. */
  readonly onDisconnected?: (address: string) => void;
}

const DEFAULT_TIMEOUT_MS = 3_000;
const LONGEST_EXAMINE_PERIOD_MS = 5_000;

/**
 * One connection per address, opened when first needed and again after it broke. Addresses are `host:port`.
 */
export class RemotingClient {
  readonly #options: RemotingClientOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #network: Network;
  readonly #owner: ConnectionOwner;
  readonly #connections = new Map<string, Connection>();
  readonly #connecting = new Map<string, Promise<Connection>>();
  /** Every connection that lives, also those a peer asked us to leave. */
  readonly #addresses = new Map<Connection, string>();
  #examiner: TimerHandle | undefined;
  #closed = false;
  #onAllClosed: (() => void) | undefined;

  constructor(options: RemotingClientOptions, clock: Clock, logger: Logger, network: Network = new NodeNetwork()) {
    this.#options = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#network = network;
    this.#owner = {
      limits: withLimitDefaults(options),
      // Known to every peer, unlike NODE_JS, which older ones read as no language at all.
      language: 'OTHER',
      onRequest: options.onRequest ?? ((request, channel) => logger.warn('a request came that nobody serves', { requestCode: request.code, remoteAddress: channel.remoteAddress })),
      onGoAway: (connection) => this.#leave(connection),
      onClosed: (connection, error) => this.#forget(connection, error),
    };
  }

  /** Addresses connected to at the moment. */
  connectedAddresses(): readonly string[] {
    return [...this.#connections.keys()];
  }

  /**
   * Sends a request and waits for its response, whatever its code. After GO_AWAY, by which a peer that is being stopped
   * asks for a new connection, the next request opens one; {@link invokeCommand} does so by itself.
   * @throws RocketMqError `CONNECT_FAILED`, `CONNECT_TIMEOUT`, `REQUEST_TIMEOUT`, `CONNECTION_CLOSED`, `TOO_MANY_REQUESTS`, `CLIENT_CLOSED`
   */
  invoke(address: string, request: OutgoingRequest, timeoutMs: number = this.#requestTimeoutMs): Promise<RemotingCommand> {
    const signed = this.#sign(request);
    const connection = this.#connections.get(address);
    return connection === undefined || this.#closed ? this.#connectAndInvoke(address, signed, timeoutMs) : connection.invoke(signed, timeoutMs);
  }

  /** {@link invoke} with a declared command: encodes the header, and gives a response that can decode its own. Sent once more after GO_AWAY. */
  async invokeCommand<C extends Command>(command: C, address: string, header: RequestHeaderOf<C>, body?: Uint8Array, timeoutMs?: number): Promise<CommandResponse<C>> {
    const request = requestOf(command, header, body);
    let response = await this.invoke(address, request, timeoutMs);
    if (response.code === ResponseCode.GO_AWAY) response = await this.invoke(address, request, timeoutMs);
    return new CommandResponse(command, response, address);
  }

  /**
   * Sends a request nobody answers; resolves when it was handed to the socket.
   * @throws RocketMqError `CONNECT_FAILED`, `CONNECT_TIMEOUT`, `CONNECTION_CLOSED`, `TOO_MANY_REQUESTS`, `CLIENT_CLOSED`
   */
  async sendOneway(address: string, request: OutgoingRequest): Promise<void> {
    const connection = this.#connections.get(address) ?? (await this.#connect(address, this.#requestTimeoutMs));
    return connection.sendOneway(this.#sign(request));
  }

  /** {@link sendOneway} with a declared command. */
  sendOnewayCommand<C extends Command>(command: C, address: string, header: RequestHeaderOf<C>, body?: Uint8Array): Promise<void> {
    return this.sendOneway(address, requestOf(command, header, body));
  }

  /** Closes the connection to an address, if there is one; the next request opens another. */
  disconnect(address: string): void {
    const connection = this.#connections.get(address);
    this.#connections.delete(address);
    connection?.close();
  }

  /** Sends what is written and closes every connection. Waiting requests fail with `CONNECTION_CLOSED`. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#connecting.values());
    if (this.#addresses.size > 0) {
      const allClosed = new Promise<void>((resolve) => (this.#onAllClosed = resolve));
      for (const connection of this.#addresses.keys()) connection.close();
      await allClosed;
    }
    this.#examiner?.cancel();
  }

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  #sign(request: OutgoingRequest): OutgoingRequest {
    const { credentials } = this.#options;
    return credentials === undefined ? request : signRequest(request, credentials);
  }

  async #connectAndInvoke(address: string, request: OutgoingRequest, timeoutMs: number): Promise<RemotingCommand> {
    const started = this.#clock.monotonic();
    const connection = await this.#connect(address, timeoutMs);
    const left = timeoutMs - (this.#clock.monotonic() - started);
    return connection.invoke(request, Math.max(1, left));
  }

  /** The peer is being stopped; old requests may still finish on this connection, new ones go elsewhere. */
  #leave(connection: Connection): void {
    const address = this.#addresses.get(connection);
    if (address === undefined || this.#connections.get(address) !== connection) return;
    this.#connections.delete(address);
    this.#logger.info('a peer asked for a new connection', { address });
  }

  #connect(address: string, timeoutMs: number): Promise<Connection> {
    if (this.#closed) return Promise.reject(clientClosed());
    const existing = this.#connections.get(address);
    if (existing !== undefined) return Promise.resolve(existing);
    const running = this.#connecting.get(address);
    if (running !== undefined) return running;
    const connecting = this.#open(address, Math.min(timeoutMs, this.#options.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS)).finally(() => {
      this.#connecting.delete(address);
    });
    this.#connecting.set(address, connecting);
    return connecting;
  }

  async #open(address: string, timeoutMs: number): Promise<Connection> {
    const target = parseAddress(address);
    if (target === undefined) {
      throw new RocketMqError('CONNECT_FAILED', `"${address}" is not an address; write host:port`, { details: { address } });
    }
    const socket = await this.#network.connect(target.host, target.port, timeoutMs);
    if (this.#closed) {
      socket.destroy();
      throw clientClosed();
    }
    const connection = new Connection(socket, this.#owner, this.#clock, this.#logger);
    this.#addresses.set(connection, address);
    this.#connections.set(address, connection);
    this.#startExamining();
    connection.start();
    await this.#options.onConnected?.(address);
    return connection;
  }

  #startExamining(): void {
    const { idleTimeoutMs, frozenReaderTimeoutMs } = this.#owner.limits;
    const period = Math.max(1, Math.min(LONGEST_EXAMINE_PERIOD_MS, idleTimeoutMs / 4, frozenReaderTimeoutMs / 4));
    this.#examiner ??= this.#clock.repeat(period, () => {
      const now = this.#clock.monotonic();
      for (const connection of this.#addresses.keys()) connection.examine(now);
    });
  }

  #forget(connection: Connection, error: Error | undefined): void {
    const address = this.#addresses.get(connection);
    this.#addresses.delete(connection);
    if (address !== undefined && this.#connections.get(address) === connection) {
      this.#connections.delete(address);
      if (!this.#closed) {
        this.#logger.info('disconnected', { address, error });
        this.#options.onDisconnected?.(address);
      }
    }
    if (this.#addresses.size === 0) this.#onAllClosed?.();
  }
}

function requestOf<C extends Command>(command: C, header: RequestHeaderOf<C>, body: Uint8Array | undefined): OutgoingRequest {
  return { code: command.code, extFields: encodeHeader(command.request, header), body };
}

function clientClosed(): RocketMqError {
  return new RocketMqError('CLIENT_CLOSED', 'this client is shut down; create another one');
}

