import { decodeLockBatchRequest } from '../../../lib/protocol/body/lock-batch.js';
import { unlockBatchMq } from '../../../lib/protocol/commands/client/unlock-batch-mq.command.js';
import type { QueueLockTable } from '../../ordering/queue-lock-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** Gives queues of an orderly consumer back. Apache: AdminBrokerProcessor.java. */
export class UnlockBatchMqProcessor implements RequestProcessor<typeof unlockBatchMq> {
  readonly command = unlockBatchMq;

  constructor(private readonly locks: QueueLockTable) {}

  handle(request: TypedRequest<typeof unlockBatchMq>): Reply<typeof unlockBatchMq> {
    const { consumerGroup, mqSet, clientId } = decodeLockBatchRequest(request.body);
    this.locks.unlock(consumerGroup, mqSet, clientId);
    return success();
  }
}
