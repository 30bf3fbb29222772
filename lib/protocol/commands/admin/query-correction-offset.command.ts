import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Compares offsets of groups. Response body: correction offsets.
 * Apache: QueryCorrectionOffsetHeader.java.
 */
export const queryCorrectionOffset = defineCommand({
  name: 'QUERY_CORRECTION_OFFSET',
  code: RequestCode.QUERY_CORRECTION_OFFSET,
  request: {
    filterGroups: optional.string(),
    compareGroup: required.string(),
    topic: required.string(),
  },
  response: {},
});
