import { defineCommand } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Asks the broker which queues a consumer shall take; bodies: query assignment.
 */
export const queryAssignment = defineCommand({
  name: 'QUERY_ASSIGNMENT',
  code: RequestCode.QUERY_ASSIGNMENT,
  request: {},
  response: {},
});
