import { decodeHeartbeatData, type ConsumerData, type HeartbeatData } from '../../../lib/protocol/body/heartbeat-data.js';
import { heartBeat } from '../../../lib/protocol/commands/client/heart-beat.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { retryTopicOf } from '../../../lib/protocol/topic-names.js';
import type { ClientInfo } from '../../clients/client-info.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import type { HeartbeatFingerprints } from '../../clients/heartbeat-fingerprints.js';
import type { ProducerTable } from '../../clients/producer-table.js';
import type { Reply, RequestContext, RequestProcessor, TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';

const UNIT_SUBSCRIPTION_FLAG = 2;

/** Options of heartbeats, under their names in `broker.conf`. */
export interface HeartBeatOptions {
  /** Whether consumers that pull by themselves are refused. */
  readonly rejectPullConsumerEnable: boolean;
}

/** Registers a client with its groups; makes the groups and their retry topics. Apache: ClientManageProcessor.java. */
export class HeartBeatProcessor implements RequestProcessor<typeof heartBeat> {
  readonly command = heartBeat;

  constructor(
    private readonly options: HeartBeatOptions,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
    private readonly consumers: ConsumerTable,
    private readonly producers: ProducerTable,
    private readonly fingerprints: HeartbeatFingerprints,
  ) {}

  async handle(request: TypedRequest<typeof heartBeat>, context: RequestContext): Promise<Reply<typeof heartBeat>> {
    const data = decodeHeartbeatData(request.body);
    const client: ClientInfo = {
      connectionId: context.connectionId,
      clientId: data.clientID,
      language: request.raw.language,
      version: request.raw.version,
      remoteAddress: context.remoteAddress,
    };
    let subscriptionsDiffer = false;
    for (const consumer of data.consumerDataSet) {
      if (this.options.rejectPullConsumerEnable && consumer.consumeType === 'CONSUME_ACTIVELY') continue;
      const differs = this.fingerprints.note(consumer.groupName, data.heartbeatFingerprint);
      subscriptionsDiffer ||= differs;
      this.#register(consumer, client, data);
    }
    for (const { groupName } of data.producerDataSet) this.producers.register(groupName, client);
    await Promise.all([this.groups.persisted(), this.topics.persisted()]);
    return {
      code: ResponseCode.SUCCESS,
      extFields: {
        IS_SUPPORT_HEART_BEAT_V2: 'true',
        // A client without a fingerprint is always told to send everything.
        IS_SUB_CHANGE: String(data.heartbeatFingerprint === 0 || subscriptionsDiffer),
      },
    };
  }

  #register(consumer: ConsumerData, client: ClientInfo, data: HeartbeatData): void {
    const group = this.groups.find(consumer.groupName);
    if (group === undefined) return;
    const order = consumer.subscriptionDataSet.some(({ topic }) => this.topics.isOrdered(topic));
    this.topics.createIfAbsent(retryTopicOf(consumer.groupName), group.retryQueueNums, {
      order,
      topicSysFlag: consumer.unitMode ? UNIT_SUBSCRIPTION_FLAG : 0,
    });
    const withoutSubscriptions = data.heartbeatFingerprint !== 0 && data.withoutSub;
    this.consumers.register({
      group: consumer.groupName,
      client,
      mode: consumer,
      subscriptions: withoutSubscriptions ? undefined : consumer.subscriptionDataSet,
      notify: group.notifyConsumerIdsChangedEnable,
    });
  }
}
