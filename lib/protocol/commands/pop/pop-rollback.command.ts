import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Has the broker put hidden messages of its own bookkeeping back.
 */
export const popRollback = defineCommand({
  name: 'POP_ROLLBACK',
  code: RequestCode.POP_ROLLBACK,
  request: {},
  response: {},
});
