import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes consume-queue files whose messages are gone.
 */
export const cleanExpiredConsumeQueue = defineCommand({
  name: 'CLEAN_EXPIRED_CONSUMEQUEUE',
  code: RequestCode.CLEAN_EXPIRED_CONSUMEQUEUE,
  request: {},
  response: {},
});
