import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { ExtFields } from '../../../lib/protocol/remoting-command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { RequestRefusedError } from '../../remoting/request-processor.js';
import type { AppendStatus } from '../../store/message-store.js';

const CODE_OF_STATUS: Readonly<Record<AppendStatus, number>> = {
  PUT_OK: ResponseCode.SUCCESS,
  FLUSH_DISK_TIMEOUT: ResponseCode.FLUSH_DISK_TIMEOUT,
  FLUSH_SLAVE_TIMEOUT: ResponseCode.FLUSH_SLAVE_TIMEOUT,
  SLAVE_NOT_AVAILABLE: ResponseCode.SLAVE_NOT_AVAILABLE,
};

/** Response code of an append that was stored. */
export function codeOfAppend(status: AppendStatus): number {
  return CODE_OF_STATUS[status];
}

/**
 * What a producer is told when its message was not stored: retry elsewhere, or give up. Errors that are neither pass as they are.
 * Apache: SendMessageProcessor.java, handlePutMessageResult.
 */
export function refusalOfAppend(error: unknown, maxMessageSize: number, extFields: ExtFields): unknown {
  if (error instanceof RequestRefusedError) return new RequestRefusedError(error.responseCode, error.message, extFields);
  if (!(error instanceof RocketMqError)) return error;
  switch (error.code) {
    case 'MESSAGE_ILLEGAL':
    case 'MESSAGE_TOO_LARGE':
    case 'MESSAGE_MALFORMED':
      return new RequestRefusedError(
        ResponseCode.MESSAGE_ILLEGAL,
        `the message is illegal, maybe msg body or properties length not matched. msg body length limit ${maxMessageSize}B, msg properties length limit 32KB. (${error.message})`,
        extFields,
      );
    case 'STORE_CLOSED':
    case 'STORE_WRITE_FAILED':
      return new RequestRefusedError(
        ResponseCode.SERVICE_NOT_AVAILABLE,
        `service not available now. It may be caused by one of the following reasons: the broker's disk is full, messages are put to the slave, message store has been shut down, etc. (${error.message})`,
        extFields,
      );
    default:
      return error;
  }
}
