import { deleteSubscriptionGroup } from '../../../lib/protocol/commands/group/delete-subscription-group.command.js';
import type { HeartbeatFingerprints } from '../../clients/heartbeat-fingerprints.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';

/** Deletes a consumer group and, when asked to, its offsets. Apache: AdminBrokerProcessor.java. */
export class DeleteSubscriptionGroupProcessor implements RequestProcessor<typeof deleteSubscriptionGroup> {
  readonly command = deleteSubscriptionGroup;

  constructor(
    private readonly groups: SubscriptionGroupTable,
    private readonly offsets: ConsumerOffsetTable,
    private readonly fingerprints: HeartbeatFingerprints,
  ) {}

  async handle(request: TypedRequest<typeof deleteSubscriptionGroup>): Promise<Reply<typeof deleteSubscriptionGroup>> {
    const { groupName, cleanOffset } = request.header;
    this.groups.delete(groupName);
    this.fingerprints.forget(groupName);
    if (cleanOffset === true) this.offsets.removeGroup(groupName);
    await Promise.all([this.groups.persisted(), this.offsets.written()]);
    return success();
  }
}
