import { defineCommand, optional, required } from '../../define-command.js';
import { RequestCode } from '../../request-code.js';

/**
 * Broker to producer, one-way: decide about a half message, which is the request body.
 * Apache: CheckTransactionStateRequestHeader.java.
 */
export const checkTransactionState = defineCommand({
  name: 'CHECK_TRANSACTION_STATE',
  code: RequestCode.CHECK_TRANSACTION_STATE,
  request: {
    topic: optional.string(),
    tranStateTableOffset: required.long(),
    commitLogOffset: required.long(),
    msgId: optional.string(),
    transactionId: optional.string(),
    offsetMsgId: optional.string(),
    /** Broker that asks. */
    brokerName: optional.string('bname'),
  },
  response: {},
});
