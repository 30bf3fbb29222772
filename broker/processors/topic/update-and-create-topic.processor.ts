import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { updateAndCreateTopic } from '../../../lib/protocol/commands/topic/update-and-create-topic.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import { AttributeError, parseAttributeChanges } from '../../topics/topic-attributes.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { applyTopicChanges, changesNothing, checkTopicChange, type TopicChangeOptions } from './topic-checks.js';

/** Creates or changes a topic. Apache: AdminBrokerProcessor.java. */
export class UpdateAndCreateTopicProcessor implements RequestProcessor<typeof updateAndCreateTopic> {
  readonly command = updateAndCreateTopic;

  constructor(
    private readonly options: TopicChangeOptions,
    private readonly topics: TopicTable,
  ) {}

  async handle(request: TypedRequest<typeof updateAndCreateTopic>): Promise<Reply<typeof updateAndCreateTopic>> {
    const { header } = request;
    const config: TopicConfig = {
      topicName: header.topic,
      readQueueNums: header.readQueueNums,
      writeQueueNums: header.writeQueueNums,
      perm: header.perm,
      topicFilterType: header.topicFilterType === 'MULTI_TAG' ? 'MULTI_TAG' : 'SINGLE_TAG',
      topicSysFlag: header.topicSysFlag ?? 0,
      order: header.order ?? false,
      attributes: changesOf(header.attributes),
    };
    checkTopicChange(this.topics, config, this.options);
    if (!changesNothing(this.topics, config)) await applyTopicChanges(this.topics, [config]);
    return success();
  }
}

function changesOf(attributes: string | undefined): Record<string, string> {
  try {
    return parseAttributeChanges(attributes);
  } catch (error) {
    if (error instanceof AttributeError) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, error.message);
    throw error;
  }
}
