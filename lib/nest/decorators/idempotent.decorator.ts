import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { IdempotentOptions } from '../idempotency/idempotency-options.js';
import { IDEMPOTENT_METADATA, IdempotencyInterceptor } from '../interceptors/idempotency.interceptor.js';

/**
 * The handler does the work of a key once, however often its message is delivered or sent.
 *
 *     @RocketConsumer({ topic: 'order-paid', group: 'deduction' })
 *     @Idempotent({ key: 'orderId' })
 *     async deduct(order: OrderPaid) { ... }
 *
 * - done before: acknowledged without calling the handler; callers get the recorded result;
 * - in progress elsewhere: delivered again when the other's lease is over;
 * - the handler throws: the key is free again, and the message goes the way of the error;
 * - no key, or a known key with another payload: dead letter.
 *
 * Pipes run inside, so keys are taken from the payload as it was decoded.
 */
export function Idempotent<Payload = never>(options: IdempotentOptions<Payload> = {}): MethodDecorator {
  return applyDecorators(SetMetadata(IDEMPOTENT_METADATA, options), UseInterceptors(IdempotencyInterceptor));
}
