import { Injectable } from '@nestjs/common';

import { decodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { registerTopicInNamesrv } from '../../../lib/protocol/commands/name-server/register-topic-in-namesrv.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Adds a topic's queues on brokers that are known. */
@Injectable()
export class RegisterTopicInNamesrvProcessor implements RequestProcessor<typeof registerTopicInNamesrv> {
  readonly command = registerTopicInNamesrv;

  constructor(private readonly routes: RouteTables) {}

  handle({ header, body }: TypedRequest<typeof registerTopicInNamesrv>): Reply<typeof registerTopicInNamesrv> {
    this.routes.registerTopic(header.topic, decodeTopicRouteData(body).queueDatas);
    return success();
  }
}
