import { Injectable } from '@nestjs/common';

import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getSystemTopicListFromNs } from '../../../lib/protocol/commands/name-server/get-system-topic-list-from-ns.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import { RouteTables } from '../route-tables.js';

/** Lists the topics named like clusters and brokers, and a broker to ask for its own system topics. */
@Injectable()
export class GetSystemTopicListFromNsProcessor implements RequestProcessor<typeof getSystemTopicListFromNs> {
  readonly command = getSystemTopicListFromNs;

  constructor(private readonly routes: RouteTables) {}

  handle(): Reply<typeof getSystemTopicListFromNs> {
    const { topicNames, brokerAddr } = this.routes.systemTopics();
    return success(undefined, encodeTopicList({ topicList: topicNames, brokerAddr }));
  }
}
