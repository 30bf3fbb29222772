import { encodeConsumerConnection } from '../../../lib/protocol/body/consumer-connection.js';
import { getConsumerConnectionList } from '../../../lib/protocol/commands/admin/get-consumer-connection-list.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { connectionOf } from './connection-of.js';

/** Members of an online consumer group and what they read. Apache: AdminBrokerProcessor.java. */
export class GetConsumerConnectionListProcessor implements RequestProcessor<typeof getConsumerConnectionList> {
  readonly command = getConsumerConnectionList;

  constructor(private readonly consumers: ConsumerTable) {}

  handle(request: TypedRequest<typeof getConsumerConnectionList>): Reply<typeof getConsumerConnectionList> {
    const { consumerGroup } = request.header;
    const group = this.consumers.find(consumerGroup);
    if (group === undefined) throw new RequestRefusedError(ResponseCode.CONSUMER_NOT_ONLINE, `the consumer group[${consumerGroup}] not online`);
    const { consumeType, messageModel, consumeFromWhere } = group.mode;
    const body = encodeConsumerConnection({
      connectionSet: group.members().map(connectionOf),
      subscriptionTable: Object.fromEntries(group.subscriptions()),
      consumeType,
      messageModel,
      consumeFromWhere,
    });
    return success(undefined, body);
  }
}
