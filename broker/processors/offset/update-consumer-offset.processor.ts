import { updateConsumerOffset } from '../../../lib/protocol/commands/offset/update-consumer-offset.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';

/** Stores how far a group has consumed; answered when the offset survives the death of the process. Apache: ConsumerManageProcessor.java. */
export class UpdateConsumerOffsetProcessor implements RequestProcessor<typeof updateConsumerOffset> {
  readonly command = updateConsumerOffset;

  constructor(
    private readonly offsets: ConsumerOffsetTable,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
  ) {}

  handle(request: TypedRequest<typeof updateConsumerOffset>): Reply<typeof updateConsumerOffset> | Promise<Reply<typeof updateConsumerOffset>> {
    const { consumerGroup, topic, queueId, commitOffset } = request.header;
    if (!this.groups.has(consumerGroup)) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `Group ${consumerGroup} not exist!`);
    }
    if (!this.topics.has(topic)) throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `Topic ${topic} not exist!`);
    if (this.offsets.isReset(consumerGroup, topic, queueId)) {
      return { code: ResponseCode.SUCCESS, remark: 'Offset has been previously reset' };
    }
    this.offsets.commit(consumerGroup, topic, queueId, commitOffset);
    const written = this.offsets.written();
    return written === undefined ? success() : written.then(() => success());
  }
}
