import { RocketMqError, type RocketMqErrorCode } from '../../lib/errors/rocketmq-error.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';
import { RequestRefusedError, type Reply } from './request-processor.js';

/** Errors that are the requester's doing or expected in operation: answered with their own text, not logged as failures. */
const ANSWERED_QUIETLY: Partial<Record<RocketMqErrorCode, number>> = {
  PROTOCOL_MISSING_FIELD: ResponseCode.SYSTEM_ERROR,
  PROTOCOL_BAD_FIELD: ResponseCode.SYSTEM_ERROR,
  PROTOCOL_MALFORMED_BODY: ResponseCode.SYSTEM_ERROR,
  MESSAGE_MALFORMED: ResponseCode.SYSTEM_ERROR,
  MESSAGE_ILLEGAL: ResponseCode.MESSAGE_ILLEGAL,
  MESSAGE_TOO_LARGE: ResponseCode.MESSAGE_ILLEGAL,
  STORE_CLOSED: ResponseCode.SERVICE_NOT_AVAILABLE,
};

/** What to answer for an error, and whether it is a failure of ours that belongs in the log. */
export interface ErrorReply {
  readonly reply: Reply;
  readonly isFailure: boolean;
}

/** Turns whatever a processor threw into a response. */
export function replyOfError(error: unknown): ErrorReply {
  if (error instanceof RequestRefusedError) {
    return { reply: { code: error.responseCode, remark: error.message, extFields: error.extFields }, isFailure: false };
  }
  if (error instanceof RocketMqError) {
    const code = ANSWERED_QUIETLY[error.code];
    if (code !== undefined) return { reply: { code, remark: error.message }, isFailure: false };
    return { reply: { code: ResponseCode.SYSTEM_ERROR, remark: `${error.code}: ${error.message}` }, isFailure: true };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { reply: { code: ResponseCode.SYSTEM_ERROR, remark: text }, isFailure: true };
}
