import { encodeConsumeStats } from '../../../lib/protocol/body/consume-stats.js';
import { getConsumeStats } from '../../../lib/protocol/commands/admin/get-consume-stats.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { ConsumeStatsCollector } from './consume-stats-collector.js';

/** How far a group is with its topics. Apache: AdminBrokerProcessor.java. */
export class GetConsumeStatsProcessor implements RequestProcessor<typeof getConsumeStats> {
  readonly command = getConsumeStats;

  constructor(private readonly collector: ConsumeStatsCollector) {}

  async handle(request: TypedRequest<typeof getConsumeStats>): Promise<Reply<typeof getConsumeStats>> {
    const { consumerGroup, topic, topicList } = request.header;
    const named = (topicList ?? '').split(';').filter((name) => name.trim() !== '');
    const topics = named.length > 0 ? named : this.collector.topicsOf(consumerGroup, topic);
    return success(undefined, encodeConsumeStats(await this.collector.collect(consumerGroup, topics)));
  }
}
