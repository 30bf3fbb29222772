import { RocketMqError } from '../errors/rocketmq-error.js';

/** The connection went away; whether the peer received or served the request is unknown. */
export function connectionClosed(address: string, cause?: unknown): RocketMqError {
  return new RocketMqError('CONNECTION_CLOSED', `the connection to ${address} is closed`, { retryable: true, details: { address }, cause });
}

/** No response came in time; whether the peer served the request is unknown. */
export function requestTimeout(address: string, code: number, timeoutMs: number): RocketMqError {
  return new RocketMqError('REQUEST_TIMEOUT', `no response from ${address} to request code ${code} within ${timeoutMs} ms`, {
    retryable: true,
    details: { address, requestCode: code, timeoutMs },
  });
}

/** A bound of one connection is reached; nothing was sent. */
export function tooManyRequests(address: string, what: string, limit: number): RocketMqError {
  return new RocketMqError('TOO_MANY_REQUESTS', `${what} on the connection to ${address} reached ${limit}; wait for responses before sending more`, {
    retryable: true,
    details: { address, limit },
  });
}
