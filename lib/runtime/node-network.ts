import net from 'node:net';
import { RocketMqError } from '../errors/rocketmq-error.js';
import { formatAddress } from './network.js';
import type { Network, NetworkListener, NetworkSocket, SocketEvents } from './network.js';

/** The machine's TCP, through `node:net`; TCP_NODELAY on. */
export class NodeNetwork implements Network {
  connect(host: string, port: number, timeoutMs: number): Promise<NetworkSocket> {
    return new Promise((resolve, reject) => {
      const details = { address: formatAddress(host, port) };
      const socket = net.connect({ host, port, noDelay: true });
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new RocketMqError('CONNECT_TIMEOUT', `no connection to ${details.address} within ${timeoutMs} ms`, { retryable: true, details }));
      }, timeoutMs);
      const onError = (cause: Error): void => {
        clearTimeout(timer);
        reject(new RocketMqError('CONNECT_FAILED', `cannot connect to ${details.address}: ${cause.message}`, { retryable: true, details, cause }));
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('error', onError);
        resolve(new NodeSocket(socket));
      });
    });
  }

  listen(host: string, port: number, onSocket: (socket: NetworkSocket) => void, onError: (error: Error) => void): Promise<NetworkListener> {
    return new Promise((resolve, reject) => {
      const server = net.createServer({ noDelay: true }, (socket) => {
        // A peer that hung up before it was accepted has no address any more.
        if (socket.remoteAddress === undefined) socket.destroy();
        else onSocket(new NodeSocket(socket));
      });
      const onListenError = (cause: NodeJS.ErrnoException): void => reject(cause.code === 'EADDRINUSE' ? addressInUse(host, port, cause) : cause);
      server.once('error', onListenError);
      server.listen({ host, port, backlog: 1024 }, () => {
        server.off('error', onListenError);
        server.on('error', onError);
        resolve(listenerOf(server, host));
      });
    });
  }
}

function addressInUse(host: string, port: number, cause: Error): RocketMqError {
  const address = formatAddress(host, port);
  return new RocketMqError('ADDRESS_IN_USE', `cannot listen on ${address}: the port is taken; stop its owner or choose another port`, {
    details: { address },
    cause,
  });
}

function listenerOf(server: net.Server, host: string): NetworkListener {
  const bound = server.address();
  const address = bound !== null && typeof bound === 'object' ? bound : { address: host, port: 0 };
  return {
    host: address.address,
    port: address.port,
    close: () => {
      // The listening handle goes at once; the callback of `close` would wait for the accepted sockets too.
      server.close();
      return Promise.resolve();
    },
  };
}

/** A `net.Socket` behind the port. */
class NodeSocket implements NetworkSocket {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly #socket: net.Socket;
  #error: Error | undefined;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    this.remoteAddress = formatAddress(socket.remoteAddress ?? 'unknown', socket.remotePort ?? 0);
    this.localAddress = formatAddress(socket.localAddress ?? 'unknown', socket.localPort ?? 0);
    // An error may come before start(); it must not be an unhandled one.
    socket.on('error', (error) => (this.#error ??= error));
  }

  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  start(events: SocketEvents): void {
    const socket = this.#socket;
    if (socket.destroyed) {
      process.nextTick(() => events.onClose(this.#error));
      return;
    }
    socket.on('data', (chunk: Buffer) => events.onData(chunk));
    socket.on('drain', () => events.onDrain());
    socket.once('close', () => events.onClose(this.#error));
  }

  write(chunks: readonly Uint8Array[]): boolean {
    const socket = this.#socket;
    if (chunks.length === 1) return socket.write(chunks[0]);
    socket.cork();
    let accepted = true;
    for (const chunk of chunks) accepted = socket.write(chunk);
    socket.uncork();
    return accepted;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
