import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Deletes consume queues whose topic is gone.
 */
export const cleanUnusedTopic = defineCommand({
  name: 'CLEAN_UNUSED_TOPIC',
  code: RequestCode.CLEAN_UNUSED_TOPIC,
  request: {},
  response: {},
});
