import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Releases queues of an orderly consumer; request body as LOCK_BATCH_MQ.
 * Apache: UnlockBatchMqRequestHeader.java.
 */
export const unlockBatchMq = defineCommand({
  name: 'UNLOCK_BATCH_MQ',
  code: RequestCode.UNLOCK_BATCH_MQ,
  request: {},
  response: {},
});
