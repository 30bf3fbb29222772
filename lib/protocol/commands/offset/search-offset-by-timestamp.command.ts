import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks for the offset at a store time; `boundaryType` is LOWER (default) or UPPER.
 * Apache: SearchOffsetRequestHeader.java, SearchOffsetResponseHeader.java.
 */
export const searchOffsetByTimestamp = defineCommand({
  name: 'SEARCH_OFFSET_BY_TIMESTAMP',
  code: RequestCode.SEARCH_OFFSET_BY_TIMESTAMP,
  request: {
    topic: required.string(),
    queueId: required.int(),
    timestamp: required.long(),
    boundaryType: optional.string(),
  },
  response: {
    offset: required.long(),
  },
});
