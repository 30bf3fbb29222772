import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Copies the offsets of one group to another.
 * Apache: CloneGroupOffsetRequestHeader.java.
 */
export const cloneGroupOffset = defineCommand({
  name: 'CLONE_GROUP_OFFSET',
  code: RequestCode.CLONE_GROUP_OFFSET,
  request: {
    srcGroup: required.string(),
    destGroup: required.string(),
    topic: optional.string(),
    offline: withDefault('boolean', false),
  },
  response: {},
});
