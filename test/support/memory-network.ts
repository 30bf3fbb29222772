import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import { formatAddress } from '../../lib/runtime/network.js';
import type { Network, NetworkListener, NetworkSocket, SocketEvents } from '../../lib/runtime/network.js';

/** Both ends of connections within this process: no system calls, no time. */
export class MemoryNetwork implements Network {
  readonly #listeners = new Map<number, (socket: NetworkSocket) => void>();
  #nextPort = 40_000;
  /** Every connection ever opened, client's end. */
  readonly opened: MemorySocket[] = [];

  connect(host: string, port: number): Promise<NetworkSocket> {
    const accept = this.#listeners.get(port);
    if (accept === undefined) {
      return Promise.reject(new RocketMqError('CONNECT_FAILED', `nobody listens on ${formatAddress(host, port)}`, { retryable: true }));
    }
    const [near, far] = socketPair(`127.0.0.1:${this.#nextPort++}`, `127.0.0.1:${port}`);
    this.opened.push(near);
    accept(far);
    return Promise.resolve(near);
  }

  listen(host: string, port: number, onSocket: (socket: NetworkSocket) => void): Promise<NetworkListener> {
    const actual = port === 0 ? this.#nextPort++ : port;
    this.#listeners.set(actual, onSocket);
    const close = (): Promise<void> => {
      this.#listeners.delete(actual);
      return Promise.resolve();
    };
    return Promise.resolve({ host, port: actual, close });
  }
}

/** Two connected sockets: what one writes the other reads. */
export function socketPair(nearAddress = '127.0.0.1:1', farAddress = '127.0.0.1:2'): [MemorySocket, MemorySocket] {
  const near = new MemorySocket(nearAddress, farAddress);
  const far = new MemorySocket(farAddress, nearAddress);
  near.peer = far;
  far.peer = near;
  return [near, far];
}

/** One end of an in-memory connection. */
export class MemorySocket implements NetworkSocket {
  peer!: MemorySocket;
  /** Calls of {@link write}, each with its chunks. */
  readonly writes: Uint8Array[][] = [];
  paused = false;
  #events: SocketEvents | undefined;
  #unread: Uint8Array[] = [];
  #closed = false;
  #ending = false;

  constructor(
    readonly localAddress: string,
    readonly remoteAddress: string,
  ) {}

  /** Bytes the peer has not read: all of them, since there is no system in between. */
  get pendingBytes(): number {
    return this.peer.#unread.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  start(events: SocketEvents): void {
    this.#events = events;
    this.#schedule();
  }

  write(chunks: readonly Uint8Array[]): boolean {
    this.writes.push([...chunks]);
    for (const chunk of chunks) this.peer.#unread.push(Buffer.from(chunk));
    this.peer.#schedule();
    return this.pendingBytes < 16_384;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.#schedule();
  }

  end(): void {
    this.#ending = true;
    this.peer.#schedule();
  }

  destroy(): void {
    this.#close();
    this.peer.#close();
  }

  #schedule(): void {
    setImmediate(() => this.#deliver());
  }

  #deliver(): void {
    if (this.#closed || this.paused || this.#events === undefined) return;
    const chunks = this.#unread;
    this.#unread = [];
    for (const chunk of chunks) this.#events.onData(Buffer.from(chunk));
    if (chunks.length > 0) this.peer.#events?.onDrain();
    if (this.peer.#ending && this.#unread.length === 0) this.destroy();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => this.#events?.onClose(undefined));
  }
}
