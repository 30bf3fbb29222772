import { encodeGroupList } from '../../../lib/protocol/body/topic-list.js';
import { queryTopicConsumeByWho } from '../../../lib/protocol/commands/admin/query-topic-consume-by-who.command.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** Groups that read a topic, or have. Apache: AdminBrokerProcessor.java. */
export class QueryTopicConsumeByWhoProcessor implements RequestProcessor<typeof queryTopicConsumeByWho> {
  readonly command = queryTopicConsumeByWho;

  constructor(
    private readonly consumers: ConsumerTable,
    private readonly offsets: ConsumerOffsetTable,
  ) {}

  handle(request: TypedRequest<typeof queryTopicConsumeByWho>): Reply<typeof queryTopicConsumeByWho> {
    const { topic } = request.header;
    const groups = new Set([...this.consumers.groupsOf(topic), ...this.offsets.groupsOf(topic)]);
    return success(undefined, encodeGroupList({ groupList: [...groups] }));
  }
}
