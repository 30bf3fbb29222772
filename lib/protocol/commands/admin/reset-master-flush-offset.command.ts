import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Tells a slave how far its master has flushed.
 * Apache: ResetMasterFlushOffsetHeader.java.
 */
export const resetMasterFlushOffset = defineCommand({
  name: 'RESET_MASTER_FLUSH_OFFSET',
  code: RequestCode.RESET_MASTER_FLUSH_OFFSET,
  request: {
    masterFlushOffset: required.long(),
  },
  response: {},
});
