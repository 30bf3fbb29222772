import { unregisterClient } from '../../../lib/protocol/commands/client/unregister-client.command.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import type { ProducerTable } from '../../clients/producer-table.js';
import { success, type Reply, type RequestContext, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';

/** A client leaves its groups. Apache: ClientManageProcessor.java. */
export class UnregisterClientProcessor implements RequestProcessor<typeof unregisterClient> {
  readonly command = unregisterClient;

  constructor(
    private readonly groups: SubscriptionGroupTable,
    private readonly consumers: ConsumerTable,
    private readonly producers: ProducerTable,
  ) {}

  handle(request: TypedRequest<typeof unregisterClient>, context: RequestContext): Reply<typeof unregisterClient> {
    const { producerGroup, consumerGroup } = request.header;
    if (producerGroup !== undefined) this.producers.unregister(producerGroup, context.connectionId);
    if (consumerGroup !== undefined) {
      const notify = this.groups.peek(consumerGroup)?.notifyConsumerIdsChangedEnable ?? true;
      this.consumers.unregister(consumerGroup, context.connectionId, notify);
    }
    return success();
  }
}
