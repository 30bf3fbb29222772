import { encodeGroupSubscription } from '../../../lib/protocol/body/consume-time-span.js';
import { querySubscriptionByConsumer } from '../../../lib/protocol/commands/admin/query-subscription-by-consumer.command.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** What a group reads of a topic. Apache: AdminBrokerProcessor.java. */
export class QuerySubscriptionByConsumerProcessor implements RequestProcessor<typeof querySubscriptionByConsumer> {
  readonly command = querySubscriptionByConsumer;

  constructor(private readonly consumers: ConsumerTable) {}

  handle(request: TypedRequest<typeof querySubscriptionByConsumer>): Reply<typeof querySubscriptionByConsumer> {
    const { group, topic = '' } = request.header;
    return success(undefined, encodeGroupSubscription({ group, topic, subscriptionData: this.consumers.subscriptionOf(group, topic) }));
  }
}
