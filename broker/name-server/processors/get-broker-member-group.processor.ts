import { Injectable } from '@nestjs/common';

import { encodeBrokerMemberGroup } from '../../../lib/protocol/body/cluster-info.js';
import { getBrokerMemberGroup } from '../../../lib/protocol/commands/name-server/get-broker-member-group.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Lists the master and slaves of a broker name. */
@Injectable()
export class GetBrokerMemberGroupProcessor implements RequestProcessor<typeof getBrokerMemberGroup> {
  readonly command = getBrokerMemberGroup;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof getBrokerMemberGroup>): Reply<typeof getBrokerMemberGroup> {
    const { clusterName, brokerName } = header;
    const brokerAddrs = this.routes.memberAddresses(brokerName);
    return success(undefined, encodeBrokerMemberGroup({ cluster: clusterName, brokerName, brokerAddrs }));
  }
}
