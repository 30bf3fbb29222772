import { encodeDelayOffsetWrapper } from '../../../lib/protocol/body/consumer-offset-wrapper.js';
import { getAllDelayOffset } from '../../../lib/protocol/commands/admin/get-all-delay-offset.command.js';
import type { DelaySchedule } from '../../delay/delay-schedule.js';
import { success, type Reply, type RequestProcessor } from '../../remoting/request-processor.js';

/** How far the delay levels are delivered, for replicas. Apache: AdminBrokerProcessor.java. */
export class GetAllDelayOffsetProcessor implements RequestProcessor<typeof getAllDelayOffset> {
  readonly command = getAllDelayOffset;

  constructor(private readonly delays: DelaySchedule) {}

  handle(): Reply<typeof getAllDelayOffset> {
    return success(undefined, encodeDelayOffsetWrapper(this.delays.offsets()));
  }
}
