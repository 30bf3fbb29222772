import type { RemotingChannel } from '../../lib/remoting/remoting-channel.js';

/** The open connections of a broker, over all its ports, by {@link RemotingChannel.id}; the way to push to a client. */
export class ClientChannels {
  readonly #channels = new Map<number, RemotingChannel>();
  readonly #listeners = new Set<(channel: RemotingChannel) => void>();

  /** Adds a connection; it leaves by itself when it closes. */
  register(channel: RemotingChannel): void {
    if (channel.closed.aborted || this.#channels.has(channel.id)) return;
    this.#channels.set(channel.id, channel);
    channel.closed.addEventListener('abort', () => this.#closed(channel), { once: true });
  }

  /** The connection a request came in on (`RequestContext.connectionId`); `undefined` when it is closed. */
  get(connectionId: number): RemotingChannel | undefined {
    return this.#channels.get(connectionId);
  }

  /** Number of open connections. */
  get size(): number {
    return this.#channels.size;
  }

  /** Calls `listener` once for every connection that closes, after it left this table; returns the function that ends it. */
  onClosed(listener: (channel: RemotingChannel) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #closed(channel: RemotingChannel): void {
    this.#channels.delete(channel.id);
    for (const listener of this.#listeners) listener(channel);
  }
}
