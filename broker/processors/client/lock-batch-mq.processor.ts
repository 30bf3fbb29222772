import { decodeLockBatchRequest, encodeLockBatchResponse } from '../../../lib/protocol/body/lock-batch.js';
import { lockBatchMq } from '../../../lib/protocol/commands/client/lock-batch-mq.command.js';
import type { QueueLockTable } from '../../ordering/queue-lock-table.js';
import { success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';

/** Locks queues for an orderly consumer; answers those it holds. Apache: AdminBrokerProcessor.java. */
export class LockBatchMqProcessor implements RequestProcessor<typeof lockBatchMq> {
  readonly command = lockBatchMq;

  constructor(private readonly locks: QueueLockTable) {}

  handle(request: TypedRequest<typeof lockBatchMq>): Reply<typeof lockBatchMq> {
    const { consumerGroup, mqSet, clientId } = decodeLockBatchRequest(request.body);
    return success(undefined, encodeLockBatchResponse({ lockOKMQSet: this.locks.lock(consumerGroup, mqSet, clientId) }));
  }
}
