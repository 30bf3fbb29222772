import type { SubscriptionGroupConfig } from '../../../lib/protocol/body/subscription-group-config.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { validateGroupName } from '../../../lib/protocol/topic-names.js';
import { RequestRefusedError } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import { AttributeError } from '../../topics/topic-attributes.js';

/** Checks and applies changes of groups; resolves when they are safe on disk. @throws RequestRefusedError */
export async function applyGroupChanges(groups: SubscriptionGroupTable, configs: readonly SubscriptionGroupConfig[]): Promise<void> {
  for (const { groupName } of configs) {
    const problem = validateGroupName(groupName);
    if (problem !== undefined) throw new RequestRefusedError(ResponseCode.INVALID_PARAMETER, problem);
  }
  try {
    groups.update(configs);
  } catch (error) {
    if (error instanceof AttributeError) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, error.message);
    throw error;
  }
  await groups.persisted();
}
