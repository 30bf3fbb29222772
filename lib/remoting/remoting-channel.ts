import type { RemotingCommand } from '../protocol/remoting-command.js';

/** A command without what the connection fills in (request id, flags, language, version, serialization). */
export interface OutgoingRequest {
  readonly code: number;
  readonly extFields?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A response without what the connection fills in. */
export interface OutgoingResponse {
  readonly code: number;
  readonly remark?: string;
  readonly extFields?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | readonly Uint8Array[];
}

/**
 * One connection, seen from either side: requests flow both ways on it, each side with its own request ids. Implemented by
 * `connection.ts`; the only writer of its socket, and it minds the socket's backpressure: all frames of one turn of the event
 * loop leave in one write, and while the peer reads too slowly, we stop reading from it.
 */
export interface RemotingChannel {
  /** Unique within the process. */
  readonly id: number;
  /** Peer, `ip:port` (`[ip]:port` for IPv6). */
  readonly remoteAddress: string;
  /** Our end, `ip:port`. */
  readonly localAddress: string;
  /** Aborted when the connection is closed, by whomever. */
  readonly closed: AbortSignal;
  /** Bytes accepted for writing that the peer has not taken yet. */
  readonly pendingWriteBytes: number;
  /**
   * Sends a request and waits for its response, whatever its code.
   * @throws RocketMqError `REQUEST_TIMEOUT`, `CONNECTION_CLOSED`, `TOO_MANY_REQUESTS`
   */
  invoke(request: OutgoingRequest, timeoutMs: number): Promise<RemotingCommand>;
  /** Sends a request that is never answered; resolves when it was handed to the socket. @throws RocketMqError `CONNECTION_CLOSED` */
  sendOneway(request: OutgoingRequest): Promise<void>;
  /** Answers `request`; a no-op for one-way requests and closed connections. The header has the serialization the request had. */
  reply(request: RemotingCommand, response: OutgoingResponse): void;
  /** Ends the connection after what was written has left. */
  close(): void;
}

/** Called for every request that arrives on a connection. Must not throw. */
export type RequestHandler = (request: RemotingCommand, channel: RemotingChannel) => void;
