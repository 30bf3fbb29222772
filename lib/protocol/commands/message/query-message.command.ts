import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Finds messages by key within a time range. Response body: stored records.
 * Apache: QueryMessageRequestHeader.java, QueryMessageResponseHeader.java.
 */
export const queryMessage = defineCommand({
  name: 'QUERY_MESSAGE',
  code: RequestCode.QUERY_MESSAGE,
  request: {
    topic: required.string(),
    key: required.string(),
    maxNum: required.int(),
    beginTimestamp: required.wideLong(),
    endTimestamp: required.wideLong(),
    /** The key is a unique key, not one of the message's keys. */
    uniqueKeyQuery: optional.boolean('_UNIQUE_KEY_QUERY'),
    /** The same from 5.5.0 on: `U` for a unique key, `K` for a key. */
    indexType: optional.string(),
  },
  response: {
    indexLastUpdateTimestamp: required.long(),
    indexLastUpdatePhyoffset: required.long(),
  },
});
