import { encodeConsumerOffsetWrapper } from '../../../lib/protocol/body/consumer-offset-wrapper.js';
import { getAllConsumerOffset } from '../../../lib/protocol/commands/admin/get-all-consumer-offset.command.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';

/** All consumer offsets, for replicas. Apache: AdminBrokerProcessor.java. */
export class GetAllConsumerOffsetProcessor implements RequestProcessor<typeof getAllConsumerOffset> {
  readonly command = getAllConsumerOffset;

  constructor(private readonly offsets: ConsumerOffsetTable) {}

  handle(): Reply<typeof getAllConsumerOffset> {
    return success(undefined, encodeConsumerOffsetWrapper(this.offsets.wrapper()));
  }
}
