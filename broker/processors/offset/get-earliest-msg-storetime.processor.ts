import { getEarliestMsgStoretime } from '../../../lib/protocol/commands/offset/get-earliest-msg-storetime.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Store time of the first message of a queue that is still there; -1 when there is none. Apache: AdminBrokerProcessor.java. */
export class GetEarliestMsgStoretimeProcessor implements RequestProcessor<typeof getEarliestMsgStoretime> {
  readonly command = getEarliestMsgStoretime;

  constructor(private readonly store: MessageStore) {}

  async handle(request: TypedRequest<typeof getEarliestMsgStoretime>): Promise<Reply<typeof getEarliestMsgStoretime>> {
    return success({ timestamp: await this.store.earliestStoreTime(request.header.topic, request.header.queueId) });
  }
}
