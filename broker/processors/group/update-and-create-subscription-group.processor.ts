import { decodeSubscriptionGroupConfig } from '../../../lib/protocol/body/subscription-group-config.js';
import { updateAndCreateSubscriptionGroup } from '../../../lib/protocol/commands/group/update-and-create-subscription-group.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import { applyGroupChanges } from './group-changes.js';

/** Creates or changes a consumer group. Apache: AdminBrokerProcessor.java. */
export class UpdateAndCreateSubscriptionGroupProcessor implements RequestProcessor<typeof updateAndCreateSubscriptionGroup> {
  readonly command = updateAndCreateSubscriptionGroup;

  constructor(private readonly groups: SubscriptionGroupTable) {}

  async handle(request: TypedRequest<typeof updateAndCreateSubscriptionGroup>): Promise<Reply<typeof updateAndCreateSubscriptionGroup>> {
    await applyGroupChanges(this.groups, [decodeSubscriptionGroupConfig(request.body)]);
    return success();
  }
}
