import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { FingerprintMismatchError, IdempotencyKeyMissingError, InProgressElsewhereError, ResultNotRecordableError } from '../../idempotency/errors.js';
import { fingerprintOf } from '../../idempotency/fingerprint.js';
import { consumerScope, firstOf, fromMessageKeys, fromPayload, fromUniqueKey, keyInputOf, takeKey, type KeySource } from '../../idempotency/key.js';
import type { RunContext, RunOutcome, RunRequest } from '../../idempotency/runner.js';
import { DeadLetter, RetryLater } from '../exceptions/consume-outcome.exception.js';
import type { IdempotentOptions } from '../idempotency/idempotency-options.js';
import { IdempotencyRuntime, type IdempotencyParts } from '../idempotency/idempotency-runtime.js';
import { NestLoggerAdapter } from '../nest-logger.js';
import { RocketContext } from '../transport/rocket.context.js';

/** Key under which `@Idempotent` keeps its options on a method. */
export const IDEMPOTENT_METADATA = 'nestjs-rocketmq:idempotent';

/** Longest pause of an orderly queue while another process has the key: a predecessor is often about to finish. */
const ORDERLY_PAUSE_MAX_MS = 1000;

/** Whatever a source accepts; the decorator's type parameter has checked the user's function. */
type AnyOptions = IdempotentOptions<unknown>;

/** Runs handlers with `@Idempotent` once per key. Attached to the method, since global interceptors do not reach hybrid applications. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #logger = new NestLoggerAdapter('Idempotency');

  constructor(private readonly runtime: IdempotencyRuntime) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const options = Reflect.getMetadata(IDEMPOTENT_METADATA, execution.getHandler()) as AnyOptions;
    return defer(() => this.#run(execution, options, next));
  }

  async #run(execution: ExecutionContext, options: AnyOptions, next: CallHandler): Promise<unknown> {
    const context: unknown = execution.switchToRpc().getContext();
    if (!(context instanceof RocketContext) || context.isBatch) {
      throw new RocketMqError('OPTION_INVALID', `@Idempotent on ${execution.getClass().name}.${execution.getHandler().name}: it works for handlers of single RocketMQ messages`);
    }
    let result: unknown;
    const handle = async (run: RunContext): Promise<unknown> => {
      context.claim = run.claim;
      context.alsoAbortOn(run.signal);
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
      return result;
    };
    try {
      const request = requestOf(options, context, execution.switchToRpc().getData());
      const outcome = await runOnce(this.runtime.partsFor(options), request, handle);
      context.isDuplicate = outcome.replayed;
      return outcome.result;
    } catch (error) {
      // The work is done and known as done: only duplicates will not get its result.
      if (error instanceof ResultNotRecordableError) {
        this.#logger.warn(error.message, { handler: context.handler });
        return result;
      }
      throw outcomeOf(error, context);
    }
  }
}

function runOnce(parts: IdempotencyParts, request: RunRequest, handle: (run: RunContext) => Promise<unknown>): Promise<RunOutcome<unknown>> {
  const { runner, transaction } = parts;
  if (transaction === undefined) return runner.run(request, handle);
  return transaction.run((executor) => runner.run({ ...request, store: parts.join(executor) }, handle));
}

function requestOf(options: AnyOptions, context: RocketContext, payload: unknown): RunRequest {
  return {
    scope: options.scope ?? consumerScope(context.group, context.handler),
    key: takeKey(sourceOf(options, context), keyInputOf(context.message, payload)),
    fingerprint: options.fingerprint === false ? undefined : fingerprint(payload, context.message.body),
    leaseMs: options.leaseMs,
    retentionMs: options.retentionMs,
  };
}

/** Of the payload, so that the order of fields does not matter; what has no JSON form counts by its bytes. */
function fingerprint(payload: unknown, body: Buffer): string {
  try {
    return fingerprintOf(payload);
  } catch (error) {
    if (error instanceof TypeError) return fingerprintOf(body);
    throw error;
  }
}

function sourceOf({ key }: AnyOptions, context: RocketContext): KeySource {
  if (key === undefined) return firstOf(fromMessageKeys(), fromUniqueKey());
  if (typeof key === 'string') return fromPayload(key);
  return typeof key === 'function' ? fromPayload((payload) => key(payload, context)) : key;
}

/** What an error of the idempotency itself means for the message; errors of the handler stay as they are. */
function outcomeOf(error: unknown, context: RocketContext): unknown {
  if (error instanceof InProgressElsewhereError) {
    const delayMs = context.mode === 'ORDERLY' ? Math.min(error.retryAfterMs, ORDERLY_PAUSE_MAX_MS) : error.retryAfterMs;
    return new RetryLater(delayMs, { reason: error.message, cause: error });
  }
  if (error instanceof IdempotencyKeyMissingError || error instanceof FingerprintMismatchError) return new DeadLetter(error.message, { cause: error });
  return error;
}
