import { Injectable } from '@nestjs/common';

import { addWritePermOfBroker } from '../../../lib/protocol/commands/name-server/add-write-perm-of-broker.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Allows sends to a broker again. */
@Injectable()
export class AddWritePermOfBrokerProcessor implements RequestProcessor<typeof addWritePermOfBroker> {
  readonly command = addWritePermOfBroker;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof addWritePermOfBroker>): Reply<typeof addWritePermOfBroker> {
    return success<typeof addWritePermOfBroker>({ addTopicCount: this.routes.addWritePermission(header.brokerName) });
  }
}
