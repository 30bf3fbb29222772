import { encodeConsumeStatsList, type ConsumeStats } from '../../../lib/protocol/body/consume-stats.js';
import { getBrokerConsumeStats } from '../../../lib/protocol/commands/admin/get-broker-consume-stats.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { BrokerIdentity } from '../message/broker-identity.js';
import type { ConsumeStatsCollector } from './consume-stats-collector.js';

/** How far all groups are with their topics. Apache: AdminBrokerProcessor.java, fetchAllConsumeStatsInBroker. */
export class GetBrokerConsumeStatsProcessor implements RequestProcessor<typeof getBrokerConsumeStats> {
  readonly command = getBrokerConsumeStats;

  constructor(
    private readonly identity: BrokerIdentity,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
    private readonly collector: ConsumeStatsCollector,
  ) {}

  async handle(request: TypedRequest<typeof getBrokerConsumeStats>): Promise<Reply<typeof getBrokerConsumeStats>> {
    const { isOrder } = request.header;
    const consumeStatsList: Record<string, readonly ConsumeStats[]>[] = [];
    let totalDiff = 0;
    let totalInflightDiff = 0;
    for (const group of this.groups.names()) {
      const topics = this.collector.topicsOf(group, undefined).filter((topic) => this.topics.has(topic) && (!isOrder || this.topics.isOrdered(topic)));
      const ofGroup: ConsumeStats[] = [];
      for (const topic of topics) ofGroup.push(await this.collector.collect(group, [topic]));
      for (const { brokerOffset, consumerOffset, pullOffset } of ofGroup.flatMap(({ offsetTable }) => [...offsetTable.values()])) {
        totalDiff += brokerOffset - consumerOffset;
        totalInflightDiff += pullOffset - consumerOffset;
      }
      consumeStatsList.push({ [group]: ofGroup });
    }
    const { ip, port } = this.identity.storeHost;
    return success(undefined, encodeConsumeStatsList({ brokerAddr: `${ip}:${port}`, consumeStatsList, totalDiff, totalInflightDiff }));
  }
}
