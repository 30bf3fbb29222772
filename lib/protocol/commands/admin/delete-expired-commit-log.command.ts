import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes commit-log files past their retention now.
 */
export const deleteExpiredCommitLog = defineCommand({
  name: 'DELETE_EXPIRED_COMMITLOG',
  code: RequestCode.DELETE_EXPIRED_COMMITLOG,
  request: {},
  response: {},
});
