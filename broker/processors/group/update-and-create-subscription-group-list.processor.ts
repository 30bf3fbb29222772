import { decodeSubscriptionGroupList } from '../../../lib/protocol/body/subscription-group-config.js';
import { updateAndCreateSubscriptionGroupList } from '../../../lib/protocol/commands/group/update-and-create-subscription-group-list.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import { applyGroupChanges } from './group-changes.js';

/** Creates or changes several consumer groups, all or none. Apache: AdminBrokerProcessor.java. */
export class UpdateAndCreateSubscriptionGroupListProcessor implements RequestProcessor<typeof updateAndCreateSubscriptionGroupList> {
  readonly command = updateAndCreateSubscriptionGroupList;

  constructor(private readonly groups: SubscriptionGroupTable) {}

  async handle(request: TypedRequest<typeof updateAndCreateSubscriptionGroupList>): Promise<Reply<typeof updateAndCreateSubscriptionGroupList>> {
    await applyGroupChanges(this.groups, decodeSubscriptionGroupList(request.body).groupConfigList);
    return success();
  }
}
