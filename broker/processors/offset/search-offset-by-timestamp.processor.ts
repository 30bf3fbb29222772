import { searchOffsetByTimestamp } from '../../../lib/protocol/commands/offset/search-offset-by-timestamp.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';

/** Queue offset by store time. Apache: AdminBrokerProcessor.java. */
export class SearchOffsetByTimestampProcessor implements RequestProcessor<typeof searchOffsetByTimestamp> {
  readonly command = searchOffsetByTimestamp;

  constructor(private readonly store: MessageStore) {}

  async handle(request: TypedRequest<typeof searchOffsetByTimestamp>): Promise<Reply<typeof searchOffsetByTimestamp>> {
    const { topic, queueId, timestamp, boundaryType } = request.header;
    const boundary = boundaryType?.toUpperCase() === 'UPPER' ? 'UPPER' : 'LOWER';
    return success({ offset: await this.store.offsetAt(topic, queueId, timestamp, boundary) });
  }
}
