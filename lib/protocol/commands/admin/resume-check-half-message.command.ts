import { defineCommand, optional } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Has a half message checked again that was given up.
 * Apache: ResumeCheckHalfMessageRequestHeader.java.
 */
export const resumeCheckHalfMessage = defineCommand({
  name: 'RESUME_CHECK_HALF_MESSAGE',
  code: RequestCode.RESUME_CHECK_HALF_MESSAGE,
  request: {
    topic: optional.string(),
    msgId: optional.string(),
  },
  response: {},
});
