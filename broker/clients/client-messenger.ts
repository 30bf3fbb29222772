import type { RemotingCommand } from '../../lib/protocol/remoting-command.js';
import { RequestCode } from '../../lib/protocol/request-code.js';
import type { OutgoingRequest, RemotingChannel } from '../../lib/remoting/remoting-channel.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { MembersChange } from './consumer-table.js';

/** Time a client has to answer a relayed request, ms. Apache: Broker2Client.java. */
export const CLIENT_CALL_TIMEOUT_MS = 10_000;

/** Finds an open connection; implemented by `ClientChannels`. */
export interface ConnectionLookup {
  get(connectionId: number): RemotingChannel | undefined;
}

/** Sends requests to clients on their own connections. Apache: Broker2Client.java. */
export class ClientMessenger {
  constructor(
    private readonly connections: ConnectionLookup,
    private readonly logger: Logger,
  ) {}

  /**
   * Asks a client and waits for its answer; `undefined` when its connection is gone.
   * @throws RocketMqError `REQUEST_TIMEOUT`, `CONNECTION_CLOSED`
   */
  async call(connectionId: number, request: OutgoingRequest, timeoutMs: number = CLIENT_CALL_TIMEOUT_MS): Promise<RemotingCommand | undefined> {
    return this.connections.get(connectionId)?.invoke(request, timeoutMs);
  }

  /** Tells a client something it does not answer; a client that is gone needs not hear it. */
  tell(connectionId: number, request: OutgoingRequest): void {
    this.connections
      .get(connectionId)
      ?.sendOneway(request)
      .catch((error: unknown) => this.logger.debug('a client could not be told', { code: request.code, connectionId, error }));
  }

  /** Tells the members of a group to share its queues anew (code 40). */
  membersChanged(change: MembersChange): void {
    const request = { code: RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, extFields: { consumerGroup: change.group } };
    for (const connectionId of change.connectionIds) this.tell(connectionId, request);
  }

  /** Ends a connection. */
  disconnect(connectionId: number): void {
    this.connections.get(connectionId)?.close();
  }
}
