import type { HostAddress } from '../../../lib/protocol/message/message.js';
import type { RequestContext } from '../../remoting/request-processor.js';

const CACHED_MAX = 10_000;

/** Peers' addresses in the form messages carry, parsed once per connection. */
export class BornHosts {
  readonly #byConnection = new Map<number, HostAddress>();
  #lastId = -1;
  #last: HostAddress = { ip: '0.0.0.0', port: 0 };

  /** Address of the peer that sent a request. */
  of(context: RequestContext): HostAddress {
    if (context.connectionId === this.#lastId) return this.#last;
    let host = this.#byConnection.get(context.connectionId);
    if (host === undefined) {
      // Connection ids are never used twice, so that entries of closed connections merely take room.
      if (this.#byConnection.size >= CACHED_MAX) this.#byConnection.clear();
      this.#byConnection.set(context.connectionId, (host = parseHost(context.remoteAddress)));
    }
    this.#lastId = context.connectionId;
    return (this.#last = host);
  }
}

/** `ip:port` or `[ip]:port` as an address. */
export function parseHost(text: string): HostAddress {
  const colon = text.lastIndexOf(':');
  const ip = text.slice(0, colon).replace(/^\[|\]$/g, '');
  // An IPv4 peer on a socket that listens for both kinds; the record has four bytes for it.
  return { ip: ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice('::ffff:'.length) : ip, port: Number(text.slice(colon + 1)) };
}
