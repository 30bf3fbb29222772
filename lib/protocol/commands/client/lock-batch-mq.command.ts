import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Locks queues for an orderly consumer; request body: lock request, response body: the queues it holds now.
 * Apache: LockBatchMqRequestHeader.java.
 */
export const lockBatchMq = defineCommand({
  name: 'LOCK_BATCH_MQ',
  code: RequestCode.LOCK_BATCH_MQ,
  request: {},
  response: {},
});
