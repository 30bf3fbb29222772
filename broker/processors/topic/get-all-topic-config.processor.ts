import { encodeTopicConfigWrapper } from '../../../lib/protocol/body/topic-config-wrapper.js';
import { getAllTopicConfig } from '../../../lib/protocol/commands/topic/get-all-topic-config.command.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { pageOf } from '../page-request.js';

/** All topics of the broker, at once or page by page. Apache: AdminBrokerProcessor.java. */
export class GetAllTopicConfigProcessor implements RequestProcessor<typeof getAllTopicConfig> {
  readonly command = getAllTopicConfig;

  constructor(private readonly topics: TopicTable) {}

  handle(request: TypedRequest<typeof getAllTopicConfig>): Reply<typeof getAllTopicConfig> {
    const { dataVersion, topicSeq, maxTopicNum } = request.header;
    const page = pageOf(dataVersion, topicSeq, maxTopicNum);
    const wrapper = page === undefined ? this.topics.wrapper() : this.topics.page(page.dataVersion, page.first, page.count);
    const mappings = { mappingDataVersion: wrapper.dataVersion, topicQueueMappingInfoMap: {}, topicQueueMappingDetailMap: {} };
    return success({ totalTopicNum: this.topics.size }, encodeTopicConfigWrapper({ ...wrapper, ...mappings }));
  }
}
