import { Injectable } from '@nestjs/common';

import { wipeWritePermOfBroker } from '../../../lib/protocol/commands/name-server/wipe-write-perm-of-broker.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Stops sends to a broker: its topics become read-only in all routes. */
@Injectable()
export class WipeWritePermOfBrokerProcessor implements RequestProcessor<typeof wipeWritePermOfBroker> {
  readonly command = wipeWritePermOfBroker;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof wipeWritePermOfBroker>): Reply<typeof wipeWritePermOfBroker> {
    return success<typeof wipeWritePermOfBroker>({ wipeTopicCount: this.routes.wipeWritePermission(header.brokerName) });
  }
}
