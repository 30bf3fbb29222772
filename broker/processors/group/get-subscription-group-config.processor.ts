import { encodeSubscriptionGroupConfig } from '../../../lib/protocol/body/subscription-group-config.js';
import { getSubscriptionGroupConfig } from '../../../lib/protocol/commands/group/get-subscription-group-config.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';

/** Settings of one consumer group, created when the options allow. Apache: AdminBrokerProcessor.java. */
export class GetSubscriptionGroupConfigProcessor implements RequestProcessor<typeof getSubscriptionGroupConfig> {
  readonly command = getSubscriptionGroupConfig;

  constructor(private readonly groups: SubscriptionGroupTable) {}

  handle(request: TypedRequest<typeof getSubscriptionGroupConfig>): Reply<typeof getSubscriptionGroupConfig> {
    const config = this.groups.find(request.header.group);
    if (config === undefined) throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, 'No group in this broker');
    return success(undefined, encodeSubscriptionGroupConfig(config));
  }
}
