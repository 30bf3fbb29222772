import { Injectable } from '@nestjs/common';

import { encodeClusterInfo } from '../../../lib/protocol/body/cluster-info.js';
import { getBrokerClusterInfo } from '../../../lib/protocol/commands/name-server/get-broker-cluster-info.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Lists all brokers and clusters. */
@Injectable()
export class GetBrokerClusterInfoProcessor implements RequestProcessor<typeof getBrokerClusterInfo> {
  readonly command = getBrokerClusterInfo;

  constructor(private readonly routes: RouteTables) {}

  handle(): Reply<typeof getBrokerClusterInfo> {
    return success(undefined, encodeClusterInfo(this.routes.clusterInfo()));
  }
}
