import { getMaxOffset } from '../../../lib/protocol/commands/offset/get-max-offset.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Offset that the next message of a queue will get. Apache: AdminBrokerProcessor.java. */
export class GetMaxOffsetProcessor implements RequestProcessor<typeof getMaxOffset> {
  readonly command = getMaxOffset;

  constructor(private readonly store: MessageStore) {}

  handle(request: TypedRequest<typeof getMaxOffset>): Reply<typeof getMaxOffset> {
    return success({ offset: this.store.maxOffset(request.header.topic, request.header.queueId) });
  }
}
