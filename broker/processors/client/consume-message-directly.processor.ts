import { consumeMessageDirectly } from '../../../lib/protocol/commands/client/consume-message-directly.command.js';
import { decodeOffsetMsgId } from '../../../lib/protocol/message/message-id.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { BrokerNameOption } from '../broker-name-option.js';
import type { ConsumerRelay } from './consumer-relay.js';

/** Has a consumer handle one message now, for a tool. Apache: AdminBrokerProcessor.java. */
export class ConsumeMessageDirectlyProcessor implements RequestProcessor<typeof consumeMessageDirectly> {
  readonly command = consumeMessageDirectly;

  constructor(
    private readonly options: BrokerNameOption,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
    private readonly store: MessageStore,
    private readonly relay: ConsumerRelay,
  ) {}

  async handle(request: TypedRequest<typeof consumeMessageDirectly>): Promise<Reply<typeof consumeMessageDirectly>> {
    const { consumerGroup, clientId = '', msgId = '', topic = '' } = request.header;
    const extFields: Record<string, string> = { ...request.raw.extFields, brokerName: this.options.brokerName };
    const topicConfig = this.topics.find(topic);
    if (topicConfig !== undefined) extFields.topicSysFlag = String(topicConfig.topicSysFlag);
    const group = this.groups.find(consumerGroup);
    if (group !== undefined) extFields.groupSysFlag = String(group.groupSysFlag);
    const record = await this.store.readAt(decodeOffsetMsgId(msgId).physicalOffset);
    if (record === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `there is no message with the id ${msgId} on this broker`);
    return this.relay.relay(consumerGroup, clientId, { code: this.command.code, extFields, body: record });
  }
}
