import { Injectable } from '@nestjs/common';

import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getTopicsByCluster } from '../../../lib/protocol/commands/name-server/get-topics-by-cluster.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { NameServerSettings } from '../name-server-settings.js';
import { RouteTables } from '../route-tables.js';

/** Lists the topics of a cluster. */
@Injectable()
export class GetTopicsByClusterProcessor implements RequestProcessor<typeof getTopicsByCluster> {
  readonly command = getTopicsByCluster;

  constructor(
    private readonly routes: RouteTables,
    private readonly settings: NameServerSettings,
  ) {}

  handle({ header }: TypedRequest<typeof getTopicsByCluster>): Reply<typeof getTopicsByCluster> {
    if (!this.settings.current.enableTopicList) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'disable');
    return success(undefined, encodeTopicList({ topicList: this.routes.topicNamesOfCluster(header.cluster) }));
  }
}
