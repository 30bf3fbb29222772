import { encodeTopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { getTopicConfig } from '../../../lib/protocol/commands/topic/get-topic-config.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';

/** Settings of one topic. Apache: AdminBrokerProcessor.java. */
export class GetTopicConfigProcessor implements RequestProcessor<typeof getTopicConfig> {
  readonly command = getTopicConfig;

  constructor(private readonly topics: TopicTable) {}

  handle(request: TypedRequest<typeof getTopicConfig>): Reply<typeof getTopicConfig> {
    const config = this.topics.find(request.header.topic);
    if (config === undefined) {
      throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `No topic in this broker. topic: ${request.header.topic}`);
    }
    return success(undefined, encodeTopicConfig(config));
  }
}
