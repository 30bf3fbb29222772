import { cloneGroupOffset } from '../../../lib/protocol/commands/admin/clone-group-offset.command.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';

/** Copies a group's offsets to another group. Apache: AdminBrokerProcessor.java (which copies nothing when no topic is named). */
export class CloneGroupOffsetProcessor implements RequestProcessor<typeof cloneGroupOffset> {
  readonly command = cloneGroupOffset;

  constructor(
    private readonly topics: TopicTable,
    private readonly consumers: ConsumerTable,
    private readonly offsets: ConsumerOffsetTable,
  ) {}

  async handle(request: TypedRequest<typeof cloneGroupOffset>): Promise<Reply<typeof cloneGroupOffset>> {
    const { srcGroup, destGroup, topic = '', offline } = request.header;
    const topics = topic.trim() === '' ? this.offsets.topicsOf(srcGroup) : [topic];
    for (const name of topics) {
      if (!this.topics.has(name)) continue;
      const isLeft = this.consumers.subscriptionCount(srcGroup) > 0 && this.consumers.subscriptionOf(srcGroup, name) === undefined;
      if (offline || !isLeft) this.offsets.clone(srcGroup, destGroup, name);
    }
    await this.offsets.written();
    return success();
  }
}
