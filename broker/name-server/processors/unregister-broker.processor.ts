import { Injectable } from '@nestjs/common';

import { unregisterBroker } from '../../../lib/protocol/commands/name-server/unregister-broker.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Takes a broker's farewell. */
@Injectable()
export class UnregisterBrokerProcessor implements RequestProcessor<typeof unregisterBroker> {
  readonly command = unregisterBroker;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof unregisterBroker>): Reply<typeof unregisterBroker> {
    this.routes.unregister(header);
    return success();
  }
}
