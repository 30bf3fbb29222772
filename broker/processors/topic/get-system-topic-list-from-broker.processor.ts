import { encodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getSystemTopicListFromBroker } from '../../../lib/protocol/commands/topic/get-system-topic-list-from-broker.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';

/** Names of the topics that belong to the broker. Apache: AdminBrokerProcessor.java. */
export class GetSystemTopicListFromBrokerProcessor implements RequestProcessor<typeof getSystemTopicListFromBroker> {
  readonly command = getSystemTopicListFromBroker;

  constructor(private readonly topics: TopicTable) {}

  handle(): Reply<typeof getSystemTopicListFromBroker> {
    return success(undefined, encodeTopicList({ topicList: this.topics.systemTopicNames() }));
  }
}
