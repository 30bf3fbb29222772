import type { Connection } from '../../../lib/protocol/body/consumer-connection.js';
import type { ClientInfo } from '../../clients/client-info.js';

/** A client as connection lists show it; the language of an unknown client is left out. */
export function connectionOf(client: ClientInfo): Connection {
  return { clientId: client.clientId, clientAddr: client.remoteAddress, language: client.language ?? undefined, version: client.version };
}
