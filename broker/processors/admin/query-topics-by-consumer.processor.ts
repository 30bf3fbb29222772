import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { queryTopicsByConsumer } from '../../../lib/protocol/commands/admin/query-topics-by-consumer.command.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import type { BrokerIdentity } from '../message/broker-identity.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** Topics a group has offsets of. Apache: AdminBrokerProcessor.java. */
export class QueryTopicsByConsumerProcessor implements RequestProcessor<typeof queryTopicsByConsumer> {
  readonly command = queryTopicsByConsumer;

  constructor(
    private readonly identity: BrokerIdentity,
    private readonly offsets: ConsumerOffsetTable,
  ) {}

  handle(request: TypedRequest<typeof queryTopicsByConsumer>): Reply<typeof queryTopicsByConsumer> {
    const { ip, port } = this.identity.storeHost;
    return success(undefined, encodeTopicList({ topicList: this.offsets.topicsOf(request.header.group), brokerAddr: `${ip}:${port}` }));
  }
}
