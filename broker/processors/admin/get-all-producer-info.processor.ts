import { encodeProducerTable } from '../../../lib/protocol/body/producer-connection.js';
import { getAllProducerInfo } from '../../../lib/protocol/commands/admin/get-all-producer-info.command.js';
import type { ProducerTable } from '../../clients/producer-table.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';

/** All online producers by group. Apache: AdminBrokerProcessor.java. */
export class GetAllProducerInfoProcessor implements RequestProcessor<typeof getAllProducerInfo> {
  readonly command = getAllProducerInfo;

  constructor(private readonly producers: ProducerTable) {}

  handle(): Reply<typeof getAllProducerInfo> {
    const data = Object.fromEntries(
      this.producers.groupNames().map((group) => [
        group,
        (this.producers.members(group) ?? []).map(({ clientId, remoteAddress, language, version, lastUpdateTimestamp }) => ({
          clientId,
          remoteIP: `/${remoteAddress}`,
          language: language ?? undefined,
          version,
          lastUpdateTimestamp,
        })),
      ]),
    );
    return success(undefined, encodeProducerTable({ data }));
  }
}
