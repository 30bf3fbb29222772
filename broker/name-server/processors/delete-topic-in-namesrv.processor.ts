import { Injectable } from '@nestjs/common';

import { deleteTopicInNamesrv } from '../../../lib/protocol/commands/name-server/delete-topic-in-namesrv.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Drops a topic from the routes. */
@Injectable()
export class DeleteTopicInNamesrvProcessor implements RequestProcessor<typeof deleteTopicInNamesrv> {
  readonly command = deleteTopicInNamesrv;

  constructor(private readonly routes: RouteTables) {}

  handle({ header }: TypedRequest<typeof deleteTopicInNamesrv>): Reply<typeof deleteTopicInNamesrv> {
    this.routes.deleteTopic(header.topic, header.clusterName);
    return success();
  }
}
