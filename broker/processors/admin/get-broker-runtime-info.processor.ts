import { encodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { getBrokerRuntimeInfo } from '../../../lib/protocol/commands/admin/get-broker-runtime-info.command.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';
import type { RuntimeInfo } from './runtime-info.js';

/** Figures about the running broker. Apache: AdminBrokerProcessor.java. */
export class GetBrokerRuntimeInfoProcessor implements RequestProcessor<typeof getBrokerRuntimeInfo> {
  readonly command = getBrokerRuntimeInfo;

  constructor(private readonly info: RuntimeInfo) {}

  async handle(): Promise<Reply<typeof getBrokerRuntimeInfo>> {
    return success(undefined, encodeKvTable({ table: await this.info.collect() }));
  }
}
