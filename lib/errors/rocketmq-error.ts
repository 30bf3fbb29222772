/** Closed list of what can go wrong; one value per situation a caller may want to tell apart. */
export type RocketMqErrorCode =
  | 'PROTOCOL_MALFORMED_FRAME'
  | 'PROTOCOL_FRAME_TOO_LARGE'
  | 'PROTOCOL_MALFORMED_HEADER'
  | 'PROTOCOL_MISSING_FIELD'
  | 'PROTOCOL_BAD_FIELD'
  | 'PROTOCOL_MALFORMED_BODY'
  | 'MESSAGE_MALFORMED'
  | 'MESSAGE_CRC_MISMATCH'
  | 'MESSAGE_ILLEGAL'
  | 'MESSAGE_TOO_LARGE'
  | 'COMPRESSION_UNSUPPORTED'
  | 'CONNECT_FAILED'
  | 'CONNECT_TIMEOUT'
  | 'CONNECTION_CLOSED'
  | 'REQUEST_TIMEOUT'
  | 'TOO_MANY_REQUESTS'
  | 'RESPONSE_ERROR'
  | 'NO_NAME_SERVER'
  | 'TOPIC_ROUTE_NOT_FOUND'
  | 'BROKER_NOT_FOUND'
  | 'SEND_FAILED'
  | 'CLIENT_NOT_STARTED'
  | 'CLIENT_CLOSED'
  | 'OPTION_INVALID'
  | 'CONFIG_INVALID'
  | 'ADDRESS_IN_USE'
  | 'STORE_LOCKED'
  | 'STORE_CORRUPT'
  | 'STORE_CLOSED'
  | 'STORE_WRITE_FAILED'
  | 'STORE_READ_FAILED'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'IDEMPOTENCY_STALE_CLAIM'
  | 'IDEMPOTENCY_KEY_MISSING'
  | 'IDEMPOTENCY_FINGERPRINT_MISMATCH'
  | 'IDEMPOTENCY_STORE_FAILED'
  | 'HANDLER_MISSING'
  | 'HANDLER_TIMEOUT'
  | 'PAYLOAD_INVALID';

/** Structured facts of an error, printed with it; never secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * Base of all errors of this project. Branch on {@link code} (or the subclass), never on the text. The text names the
 * thing, its value and the remedy.
 */
export class RocketMqError extends Error {
  /** What happened; unique to a situation. */
  readonly code: RocketMqErrorCode;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** Structured facts, e.g. `{ topic, address }`. */
  readonly details: ErrorDetails;

  constructor(code: RocketMqErrorCode, message: string, options: { retryable?: boolean; details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
