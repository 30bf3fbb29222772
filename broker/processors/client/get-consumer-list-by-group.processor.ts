import { encodeConsumerList } from '../../../lib/protocol/body/consumer-list.js';
import { getConsumerListByGroup } from '../../../lib/protocol/commands/client/get-consumer-list-by-group.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ConsumerTable } from '../../clients/consumer-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** Lists the client ids of a group, for its members to share the queues. Apache: ConsumerManageProcessor.java. */
export class GetConsumerListByGroupProcessor implements RequestProcessor<typeof getConsumerListByGroup> {
  readonly command = getConsumerListByGroup;

  constructor(private readonly consumers: ConsumerTable) {}

  handle(request: TypedRequest<typeof getConsumerListByGroup>): Reply<typeof getConsumerListByGroup> {
    const { consumerGroup } = request.header;
    const group = this.consumers.find(consumerGroup);
    if (group === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `no consumer for this group, ${consumerGroup}`);
    return success(undefined, encodeConsumerList({ consumerIdList: group.members().map(({ clientId }) => clientId) }));
  }
}
