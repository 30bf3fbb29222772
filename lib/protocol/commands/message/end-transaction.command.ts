import { defineCommand, optional, required, withDefault } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Commits (8) or rolls back (12) a half message, or leaves it undecided (0); one-way.
 * Apache: EndTransactionRequestHeader.java.
 */
export const endTransaction = defineCommand({
  name: 'END_TRANSACTION',
  code: RequestCode.END_TRANSACTION,
  request: {
    topic: optional.string(),
    producerGroup: required.string(),
    tranStateTableOffset: required.long(),
    commitLogOffset: required.long(),
    commitOrRollback: required.int(),
    fromTransactionCheck: withDefault('boolean', false),
    msgId: optional.string(),
    transactionId: optional.string(),
  },
  response: {},
});
