import { HttpException } from '@nestjs/common';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { ConsumeOutcomeException, DeadLetter, Drop, RetryLater, SuspendQueue } from '../exceptions/consume-outcome.exception.js';

/** What becomes of the messages of one call. */
export type Decision =
  | { readonly kind: 'consumed' }
  | { readonly kind: 'drop'; readonly reason: string }
  | { readonly kind: 'retry'; readonly delayMs: number | undefined; readonly error: unknown }
  | { readonly kind: 'deadLetter'; readonly reason: string; readonly error: unknown };

export const CONSUMED: Decision = { kind: 'consumed' };

/** HTTP errors that say "this input is wrong": validation pipes throw them. */
const BAD_INPUT_STATUS: ReadonlySet<number> = new Set([400, 422]);

/** Code of our own errors that a redelivery cannot cure. */
const BAD_INPUT_CODE = 'PAYLOAD_INVALID';

/**
 * Decides from an error. Outcomes decide for themselves; wrong input is dead-lettered at once; anything else is delivered
 * again until the redeliveries are used up.
 * @param maxReconsumeTimes -1: unlimited
 */
export function decide(error: unknown, reconsumeTimes: number, maxReconsumeTimes: number): Decision {
  if (error instanceof Drop) return { kind: 'drop', reason: error.reason };
  if (error instanceof DeadLetter) return { kind: 'deadLetter', reason: error.reason, error };
  if (isBadInput(error)) return { kind: 'deadLetter', reason: `the payload is invalid: ${describeError(error)}`, error };
  if (maxReconsumeTimes >= 0 && reconsumeTimes >= maxReconsumeTimes) {
    return { kind: 'deadLetter', reason: `failed after ${reconsumeTimes} redeliveries: ${describeError(error)}`, error };
  }
  return { kind: 'retry', delayMs: delayOf(error), error };
}

/** Whether the payload, not the handling, is at fault. */
export function isBadInput(error: unknown): boolean {
  if (error instanceof HttpException) return BAD_INPUT_STATUS.has(error.getStatus());
  return error instanceof RocketMqError && error.code === BAD_INPUT_CODE;
}

/**
 * The error that counts: an exception filter may choose an outcome; otherwise what was really thrown (`captured`), since
 * filters reduce errors to plain objects.
 */
export function decisiveError(thrown: unknown, captured: unknown): unknown {
  if (thrown instanceof ConsumeOutcomeException) return thrown;
  return captured ?? thrown;
}

/** An error in one line. For validation errors the details, not just "Bad Request Exception". */
export function describeError(error: unknown): string {
  if (error instanceof HttpException) {
    const response = error.getResponse();
    const details = typeof response === 'object' && 'message' in response ? response.message : undefined;
    if (Array.isArray(details)) return details.join('; ');
  }
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  if (typeof error === 'string') return error;
  const message = (error as { message?: unknown } | null | undefined)?.message;
  if (typeof message === 'string') return message;
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return String(error);
  }
}

function delayOf(error: unknown): number | undefined {
  if (error instanceof RetryLater) return error.delayMs;
  if (error instanceof SuspendQueue) return error.pauseMs;
  return undefined;
}
