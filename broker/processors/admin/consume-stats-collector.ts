import { messageQueueKey } from '../../../lib/protocol/body/message-queue-key.js';
import type { ConsumeStats, OffsetWrapper } from '../../../lib/protocol/body/consume-stats.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import type { MessageStore } from '../../store/message-store.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { TrafficMeter } from '../../topics/traffic-meter.js';
import type { BrokerNameOption } from '../broker-name-option.js';

/** Finds out how far a group is with its topics. Apache: AdminBrokerProcessor.java, getConsumeStats. */
export class ConsumeStatsCollector {
  constructor(
    private readonly options: BrokerNameOption,
    private readonly topics: TopicTable,
    private readonly consumers: ConsumerTable,
    private readonly offsets: ConsumerOffsetTable,
    private readonly store: MessageStore,
    private readonly traffic: TrafficMeter,
  ) {}

  /** Topics to look at when the request names none that it insists on: those with offsets, less those the group no longer reads. */
  topicsOf(group: string, topic: string | undefined): string[] {
    const topics = topic === undefined || topic.trim() === '' ? this.offsets.topicsOf(group) : [topic];
    if (this.consumers.subscriptionCount(group) === 0) return topics;
    return topics.filter((name) => this.consumers.subscriptionOf(group, name) !== undefined);
  }

  /** Offsets and rate of a group over some topics; unknown topics are left out. */
  async collect(group: string, topics: readonly string[]): Promise<ConsumeStats> {
    const offsetTable = new Map<string, OffsetWrapper>();
    let consumeTps = 0;
    for (const topic of topics) {
      const config = this.topics.find(topic);
      if (config === undefined) continue;
      for (let queueId = 0; queueId < config.readQueueNums; queueId++) {
        const key = messageQueueKey({ topic, brokerName: this.options.brokerName, queueId });
        offsetTable.set(key, await this.#queueStats(group, topic, queueId));
      }
      consumeTps += this.traffic.rateTo(group, topic);
    }
    return { offsetTable, consumeTps };
  }

  async #queueStats(group: string, topic: string, queueId: number): Promise<OffsetWrapper> {
    const consumerOffset = Math.max(0, this.offsets.query(group, topic, queueId));
    const lastTimestamp = consumerOffset > 0 ? await this.store.storeTimeAt(topic, queueId, consumerOffset - 1) : 0;
    return {
      brokerOffset: this.store.maxOffset(topic, queueId),
      consumerOffset,
      pullOffset: Math.max(consumerOffset, this.offsets.queryPulled(group, topic, queueId)),
      lastTimestamp: Math.max(0, lastTimestamp),
    };
  }
}
