import { getMinOffset } from '../../../lib/protocol/commands/offset/get-min-offset.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Offset of the first message of a queue that is still there. Apache: AdminBrokerProcessor.java. */
export class GetMinOffsetProcessor implements RequestProcessor<typeof getMinOffset> {
  readonly command = getMinOffset;

  constructor(private readonly store: MessageStore) {}

  handle(request: TypedRequest<typeof getMinOffset>): Reply<typeof getMinOffset> {
    return success({ offset: this.store.minOffset(request.header.topic, request.header.queueId) });
  }
}
