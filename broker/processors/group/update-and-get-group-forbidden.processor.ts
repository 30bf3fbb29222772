import { encodeGroupForbidden } from '../../../lib/protocol/body/group-forbidden.js';
import { updateAndGetGroupForbidden } from '../../../lib/protocol/commands/group/update-and-get-group-forbidden.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';

/** Forbids or allows a group to read a topic, or only tells. Apache: AdminBrokerProcessor.java. */
export class UpdateAndGetGroupForbiddenProcessor implements RequestProcessor<typeof updateAndGetGroupForbidden> {
  readonly command = updateAndGetGroupForbidden;

  constructor(private readonly groups: SubscriptionGroupTable) {}

  async handle(request: TypedRequest<typeof updateAndGetGroupForbidden>): Promise<Reply<typeof updateAndGetGroupForbidden>> {
    const { group, topic, readable } = request.header;
    if (readable !== undefined) this.groups.setReadForbidden(group, topic, !readable);
    await this.groups.persisted();
    return success(undefined, encodeGroupForbidden({ group, topic, readable: !this.groups.isReadForbidden(group, topic) }));
  }
}
