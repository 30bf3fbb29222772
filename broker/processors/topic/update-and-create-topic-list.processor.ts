import { decodeTopicConfigList } from '../../../lib/protocol/body/topic-config.js';
import { updateAndCreateTopicList } from '../../../lib/protocol/commands/topic/update-and-create-topic-list.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { applyTopicChanges, changesNothing, checkTopicChange, type TopicChangeOptions } from './topic-checks.js';

/** Creates or changes several topics, all or none. Apache: AdminBrokerProcessor.java. */
export class UpdateAndCreateTopicListProcessor implements RequestProcessor<typeof updateAndCreateTopicList> {
  readonly command = updateAndCreateTopicList;

  constructor(
    private readonly options: TopicChangeOptions,
    private readonly topics: TopicTable,
  ) {}

  async handle(request: TypedRequest<typeof updateAndCreateTopicList>): Promise<Reply<typeof updateAndCreateTopicList>> {
    const { topicConfigList } = decodeTopicConfigList(request.body);
    for (const config of topicConfigList) checkTopicChange(this.topics, config, this.options);
    const changes = topicConfigList.filter((config) => !changesNothing(this.topics, config));
    if (changes.length > 0) await applyTopicChanges(this.topics, changes);
    return success();
  }
}
