import { encodeSubscriptionGroupWrapper } from '../../../lib/protocol/body/subscription-group-config.js';
import { getAllSubscriptionGroupConfig } from '../../../lib/protocol/commands/group/get-all-subscription-group-config.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import { pageOf } from '../page-request.js';

/** All consumer groups of the broker, at once or page by page. Apache: AdminBrokerProcessor.java. */
export class GetAllSubscriptionGroupConfigProcessor implements RequestProcessor<typeof getAllSubscriptionGroupConfig> {
  readonly command = getAllSubscriptionGroupConfig;

  constructor(private readonly groups: SubscriptionGroupTable) {}

  handle(request: TypedRequest<typeof getAllSubscriptionGroupConfig>): Reply<typeof getAllSubscriptionGroupConfig> {
    const { dataVersion, groupSeq, maxGroupNum } = request.header;
    const page = pageOf(dataVersion, groupSeq, maxGroupNum);
    const wrapper = page === undefined ? this.groups.wrapper() : this.groups.page(page.dataVersion, page.first, page.count);
    return success({ totalGroupNum: this.groups.size }, encodeSubscriptionGroupWrapper(wrapper));
  }
}
