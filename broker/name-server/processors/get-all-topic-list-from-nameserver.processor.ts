import { Injectable } from '@nestjs/common';

import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getAllTopicListFromNameserver } from '../../../lib/protocol/commands/name-server/get-all-topic-list-from-nameserver.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';
import { RouteTables } from '../route-tables.js';

/** Lists all topics. */
@Injectable()
export class GetAllTopicListFromNameserverProcessor implements RequestProcessor<typeof getAllTopicListFromNameserver> {
  readonly command = getAllTopicListFromNameserver;

  constructor(
    private readonly routes: RouteTables,
    private readonly settings: NameServerSettings,
  ) {}

  handle(): Reply<typeof getAllTopicListFromNameserver> {
    if (!this.settings.current.enableAllTopicList) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'disable');
    return success(undefined, encodeTopicList({ topicList: this.routes.topicNames() }));
  }
}
