import { getBrokerConfig } from '../../../lib/protocol/commands/admin/get-broker-config.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import type { BrokerConfiguration } from './broker-configuration.js';

/** All options of the broker. Apache: AdminBrokerProcessor.java. */
export class GetBrokerConfigProcessor implements RequestProcessor<typeof getBrokerConfig> {
  readonly command = getBrokerConfig;

  constructor(private readonly configuration: BrokerConfiguration) {}

  handle(): Reply<typeof getBrokerConfig> {
    return success({ version: JSON.stringify(this.configuration.dataVersion) }, Buffer.from(this.configuration.text(), 'utf8'));
  }
}
