import type { LanguageName } from '../../lib/protocol/language-code.js';

/** A client as its heartbeat describes it, on one of its connections. */
export interface ClientInfo {
  readonly connectionId: number;
  readonly clientId: string;
  /** `null` when the client named a language we do not know. */
  readonly language: LanguageName | null;
  /** The client's version, an ordinal of Apache's MQVersion. */
  readonly version: number;
  /** `ip:port`. */
  readonly remoteAddress: string;
}

/** A registered client and when it was last heard of. */
export interface RegisteredClient extends ClientInfo {
  /** Time of the last heartbeat, ms since the epoch. */
  readonly lastUpdateTimestamp: number;
}

/** A client is forgotten when its last heartbeat is older than this, ms. Apache: BrokerConfig.java, channelExpiredTimeout. */
export const CLIENT_EXPIRY_MS = 120_000;
/** Period of looking for such clients, ms. Apache: ClientHousekeepingService.java. */
export const CLIENT_SCAN_INTERVAL_MS = 10_000;
