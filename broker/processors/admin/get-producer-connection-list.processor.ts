import { encodeProducerConnection } from '../../../lib/protocol/body/producer-connection.js';
import { getProducerConnectionList } from '../../../lib/protocol/commands/admin/get-producer-connection-list.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ProducerTable } from '../../clients/producer-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { connectionOf } from './connection-of.js';

/** Members of an online producer group. Apache: AdminBrokerProcessor.java. */
export class GetProducerConnectionListProcessor implements RequestProcessor<typeof getProducerConnectionList> {
  readonly command = getProducerConnectionList;

  constructor(private readonly producers: ProducerTable) {}

  handle(request: TypedRequest<typeof getProducerConnectionList>): Reply<typeof getProducerConnectionList> {
    const { producerGroup } = request.header;
    const members = this.producers.members(producerGroup);
    if (members === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `the producer group[${producerGroup}] not exist`);
    return success(undefined, encodeProducerConnection({ connectionSet: members.map(connectionOf) }));
  }
}
