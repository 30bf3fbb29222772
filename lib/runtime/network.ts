/** What a socket tells its owner. `onClose` is the last call, and comes exactly once. */
export interface SocketEvents {
  /** Bytes from the peer; the buffer belongs to the receiver, who may keep slices of it. */
  onData(chunk: Buffer): void;
  /** Everything written has been taken by the system, after a `write` that returned `false`. */
  onDrain(): void;
  /** The connection is gone; `error` tells why when it was not closed in an orderly way. */
  onClose(error: Error | undefined): void;
}

/** One established stream connection. Nothing is read before {@link start}. */
export interface NetworkSocket {
  /** Peer, `ip:port` (`[ip]:port` for IPv6). */
  readonly remoteAddress: string;
  /** Our end, in the same form. */
  readonly localAddress: string;
  /** Bytes written that the system has not taken yet. */
  readonly pendingBytes: number;
  /** Starts reading; called once. */
  start(events: SocketEvents): void;
  /** Writes the chunks in order, in one system call where possible. `false`: wait for `onDrain` before writing much more. */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Stops reading, so that the peer is held back. */
  pause(): void;
  resume(): void;
  /** Closes after everything written has left. */
  end(): void;
  /** Closes at once; what was not sent is lost. */
  destroy(): void;
}

/** A listening port. */
export interface NetworkListener {
  /** Address listened on; the literal one, also when 0.0.0.0 or a name was asked for. */
  readonly host: string;
  /** Port listened on; the real one when 0 was asked for. */
  readonly port: number;
  /** Stops accepting; accepted sockets live on. */
  close(): Promise<void>;
}

/** The project's way to the network; TLS and the simulation's network are other implementations. */
export interface Network {
  /**
   * Opens a connection.
   * @throws RocketMqError `CONNECT_FAILED`, `CONNECT_TIMEOUT`
   */
  connect(host: string, port: number, timeoutMs: number): Promise<NetworkSocket>;
  /**
   * Accepts connections; port 0 lets the system choose. Errors after that (such as running out of descriptors) go to `onError`.
   * @throws RocketMqError `ADDRESS_IN_USE`, or what the system says
   */
  listen(host: string, port: number, onSocket: (socket: NetworkSocket) => void, onError: (error: Error) => void): Promise<NetworkListener>;
}

const MAPPED_IPV4 = '::ffff:';

/** `ip:port`, with brackets around IPv6 and IPv4-mapped addresses written as IPv4. */
export function formatAddress(ip: string, port: number): string {
  if (ip.startsWith(MAPPED_IPV4) && ip.includes('.')) return `${ip.slice(MAPPED_IPV4.length)}:${port}`;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/**
 * Splits `host:port` or `[ipv6]:port`; `undefined` when the text is neither.
 * A bare IPv6 address followed by a port (`::1:9876`) is read up to its last colon, as Apache's tools write it.
 */
export function parseAddress(text: string): { host: string; port: number } | undefined {
  const colon = text.lastIndexOf(':');
  if (colon <= 0) return undefined;
  const digits = text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : -1;
  if (port < 0 || port > 65_535) return undefined;
  const host = text.slice(0, colon);
  const literal = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return literal === '' ? undefined : { host: literal, port };
}
