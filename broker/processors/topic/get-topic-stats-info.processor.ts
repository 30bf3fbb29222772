import { encodeTopicStats, type TopicOffset } from '../../../lib/protocol/body/topic-stats.js';
import { messageQueueKey } from '../../../lib/protocol/body/message-queue-key.js';
import { getTopicStatsInfo } from '../../../lib/protocol/commands/topic/get-topic-stats-info.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';
import type { BrokerNameOption } from '../broker-name-option.js';

/** Offsets of a topic's queues. Apache: AdminBrokerProcessor.java. */
export class GetTopicStatsInfoProcessor implements RequestProcessor<typeof getTopicStatsInfo> {
  readonly command = getTopicStatsInfo;

  constructor(
    private readonly options: BrokerNameOption,
    private readonly topics: TopicTable,
    private readonly store: MessageStore,
    private readonly traffic: TrafficMeter,
  ) {}

  async handle(request: TypedRequest<typeof getTopicStatsInfo>): Promise<Reply<typeof getTopicStatsInfo>> {
    const { topic } = request.header;
    const config = this.topics.find(topic);
    if (config === undefined) throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `topic[${topic}] not exist`);
    const offsetTable = new Map<string, TopicOffset>();
    for (let queueId = 0; queueId < Math.max(config.writeQueueNums, config.readQueueNums); queueId++) {
      const maxOffset = this.store.maxOffset(topic, queueId);
      offsetTable.set(messageQueueKey({ topic, brokerName: this.options.brokerName, queueId }), {
        minOffset: this.store.minOffset(topic, queueId),
        maxOffset,
        lastUpdateTimestamp: maxOffset > 0 ? await this.store.storeTimeAt(topic, queueId, maxOffset - 1) : 0,
      });
    }
    return success(undefined, encodeTopicStats({ offsetTable, topicPutTps: this.traffic.rateInto(topic) }));
  }
}
