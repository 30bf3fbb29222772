import { defineCommand, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Reads times of the first, last and consumed messages per queue. Response body: consume time span.
 * Apache: QueryConsumeTimeSpanRequestHeader.java.
 */
export const queryConsumeTimeSpan = defineCommand({
  name: 'QUERY_CONSUME_TIME_SPAN',
  code: RequestCode.QUERY_CONSUME_TIME_SPAN,
  request: {
    topic: required.string(),
    group: required.string(),
  },
  response: {},
});
