import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Sets how the operating system reads ahead in the commit log.
 */
export const setCommitlogReadMode = defineCommand({
  name: 'SET_COMMITLOG_READ_MODE',
  code: RequestCode.SET_COMMITLOG_READ_MODE,
  request: {
    /** A value of madvise. */
    readAheadMode: optional.int('READ_AHEAD_MODE'),
  },
  response: {},
});
