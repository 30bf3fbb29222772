import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { updateBrokerConfig } from '../../../lib/protocol/commands/admin/update-broker-config.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { parseProperties } from '../../config/properties.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { BrokerConfiguration } from './broker-configuration.js';

/** Options nobody may change over the network. Apache: AdminBrokerProcessor.java, initConfigBlackList. */
const UNCHANGEABLE = ['brokerConfigPath', 'rocketmqHome', 'configBlackList'] as const;

/** Changes options of the running broker. Apache: AdminBrokerProcessor.java. */
export class UpdateBrokerConfigProcessor implements RequestProcessor<typeof updateBrokerConfig> {
  readonly command = updateBrokerConfig;

  constructor(
    private readonly configuration: BrokerConfiguration,
    private readonly topics: TopicTable,
  ) {}

  async handle(request: TypedRequest<typeof updateBrokerConfig>): Promise<Reply<typeof updateBrokerConfig>> {
    const properties = parseProperties(request.body.toString('utf8'));
    if (UNCHANGEABLE.some((key) => properties.has(key))) {
      throw new RequestRefusedError(ResponseCode.NO_PERMISSION, 'Can not update config in black list.');
    }
    try {
      await this.configuration.update(properties);
    } catch (error) {
      if (error instanceof RocketMqError) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, error.message);
      throw error;
    }
    // The permission is announced to NameServers together with the topics.
    if (properties.has('brokerPermission')) this.topics.touch();
    return success();
  }
}
