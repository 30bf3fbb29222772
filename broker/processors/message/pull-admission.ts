import type { SubscriptionData } from '../../../lib/protocol/body/subscription-data.js';
import { buildSubscriptionData } from '../../../lib/protocol/body/subscription-data.js';
import type { SubscriptionGroupConfig } from '../../../lib/protocol/body/subscription-group-config.js';
import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import type { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import type { RequestHeaderOf } from '../../../lib/protocol/define-command.js';
import { hasSubscriptionFlag } from '../../../lib/protocol/message/pull-sys-flag.js';
import { isReadable } from '../../../lib/protocol/perm.js';
import { RequestCode } from '../../../lib/protocol/request-code.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { isSystemGroup } from '../../../lib/protocol/topic-names.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import { RequestRefusedError, type RequestContext } from '../../remoting/request-processor.js';
import type { MessageFilter } from '../../store/message-store.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { FAQ_HINT } from '../faq.js';
import { isTagExpression, tagFilterOf } from './tag-filter.js';

/** Header of the requests that pull. */
export type PullHeader = RequestHeaderOf<typeof pullMessage>;

/** Options of the pull checks, under their names in `broker.conf`. `brokerPermission` may change while the broker runs. */
export interface PullAdmissionOptions {
  readonly brokerPermission: number;
  readonly brokerIP1: string;
  readonly litePullMessageEnable: boolean;
  /** Whether consumers that pull by themselves are refused; those of the system are not. */
  readonly rejectPullConsumerEnable: boolean;
}

/** Why a pull is forbidden, for the client. Apache: ForbiddenType.java. */
const FORBIDDEN = { BROKER: '1', GROUP: '2', TOPIC: '3', BROADCASTING: '4', SUBSCRIPTION: '5' } as const;

/** What an admitted pull may read. */
export interface PullPermit {
  readonly group: SubscriptionGroupConfig;
  readonly topic: TopicConfig;
  readonly filter: MessageFilter | undefined;
}

const SEEN_EXPRESSIONS_MAX = 1_000;

/** Decides whether a pull is allowed and with which filter; the order of the checks is Apache's (PullMessageProcessor.java). */
export class PullAdmission {
  /** Subscriptions that pulls carried, by topic and expression: such a consumer sends the same one with every pull. */
  readonly #seen = new Map<string, SubscriptionData>();

  constructor(
    private readonly options: PullAdmissionOptions,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
    private readonly consumers: ConsumerTable,
  ) {}

  /** @throws RequestRefusedError */
  admit(header: PullHeader, requestCode: number, context: RequestContext): PullPermit {
    const { consumerGroup, topic: topicName } = header;
    if (!isReadable(this.options.brokerPermission)) {
      throw forbidden(FORBIDDEN.BROKER, `the broker[${this.options.brokerIP1}] pulling message is forbidden`);
    }
    if (requestCode === RequestCode.LITE_PULL_MESSAGE && !this.options.litePullMessageEnable) {
      throw forbidden(FORBIDDEN.BROKER, `the broker[${this.options.brokerIP1}] for lite pull consumer is forbidden`);
    }
    const group = this.groups.find(consumerGroup);
    if (group === undefined) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `subscription group [${consumerGroup}] does not exist, ${FAQ_HINT}`);
    }
    if (!group.consumeEnable) throw forbidden(FORBIDDEN.GROUP, `subscription group no permission, ${consumerGroup}`);
    const topic = this.topics.find(topicName);
    if (topic === undefined) {
      throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `topic[${topicName}] not exist, apply first please! ${FAQ_HINT}`);
    }
    if (!isReadable(topic.perm)) throw forbidden(FORBIDDEN.TOPIC, `the topic[${topicName}] pulling message is forbidden`);
    if (header.queueId < 0 || header.queueId >= topic.readQueueNums) {
      throw new RequestRefusedError(
        ResponseCode.INVALID_PARAMETER,
        `queueId[${header.queueId}] is illegal, topic:[${topicName}] topicConfig.readQueueNums:[${topic.readQueueNums}] consumer:[${context.remoteAddress}]`,
      );
    }
    const subscription = hasSubscriptionFlag(header.sysFlag) ? this.#fromRequest(header) : this.#fromHeartbeats(header, group);
    if (!isTagExpression(subscription.expressionType)) {
      const remark = `The broker does not support consumer to filter message by ${subscription.expressionType}`;
      throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, remark);
    }
    if (this.options.rejectPullConsumerEnable) this.#refusePullConsumer(consumerGroup, context);
    return { group, topic, filter: tagFilterOf(subscription) };
  }

  #refusePullConsumer(group: string, context: RequestContext): void {
    const online = this.consumers.find(group);
    if (online !== undefined && online.mode.consumeType !== 'CONSUME_ACTIVELY') return;
    if (online?.memberOn(context.connectionId) !== undefined || isSystemGroup(group)) return;
    const remark = `the consumer's group info not exist, or the pull consumer is rejected by server.${FAQ_HINT}`;
    throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_NOT_EXIST, remark);
  }

  #fromRequest(header: PullHeader): SubscriptionData {
    const { consumerGroup, topic, subscription = '*', expressionType, subVersion } = header;
    const key = `${topic}\n${expressionType ?? ''}\n${subscription}`;
    let data = this.#seen.get(key);
    if (data === undefined) {
      try {
        data = buildSubscriptionData(topic, subscription, expressionType, subVersion);
      } catch {
        throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_PARSE_FAILED, "parse the consumer's subscription failed");
      }
      if (this.#seen.size >= SEEN_EXPRESSIONS_MAX) this.#seen.clear();
      this.#seen.set(key, data);
    }
    this.consumers.noteSubscription(consumerGroup, topic, data);
    return data;
  }

  #fromHeartbeats(header: PullHeader, group: SubscriptionGroupConfig): SubscriptionData {
    const { consumerGroup, topic } = header;
    const online = this.consumers.find(consumerGroup);
    if (online === undefined) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_NOT_EXIST, `the consumer's group info not exist${FAQ_HINT}`);
    }
    if (!group.consumeBroadcastEnable && online.isBroadcasting) {
      throw forbidden(FORBIDDEN.BROADCASTING, `the consumer group[${consumerGroup}] can not consume by broadcast way`);
    }
    if (this.groups.isReadForbidden(consumerGroup, topic)) {
      throw forbidden(FORBIDDEN.SUBSCRIPTION, `the consumer group[${consumerGroup}] is forbidden for topic[${topic}]`);
    }
    const subscription = online.subscriptionOf(topic);
    if (subscription === undefined) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_NOT_EXIST, `the consumer's subscription not exist${FAQ_HINT}`);
    }
    if (subscription.subVersion < header.subVersion) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_NOT_LATEST, "the consumer's subscription not latest");
    }
    return subscription;
  }
}

function forbidden(type: string, remark: string): RequestRefusedError {
  return new RequestRefusedError(ResponseCode.NO_PERMISSION, remark, { forbiddenType: type });
}
