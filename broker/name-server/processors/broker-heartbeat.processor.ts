import { Injectable } from '@nestjs/common';

import { brokerHeartbeat } from '../../../lib/protocol/commands/name-server/broker-heartbeat.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Takes a broker's sign of life. */
@Injectable()
export class BrokerHeartbeatProcessor implements RequestProcessor<typeof brokerHeartbeat> {
  readonly command = brokerHeartbeat;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof brokerHeartbeat>): Reply<typeof brokerHeartbeat> {
    this.routes.refresh(header);
    return success();
  }
}
