import { applyDecorators } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { ROCKET_EXTRAS, type ConsumerMetadata } from '../consuming/consumer-definition.js';
import { ErrorCaptureInterceptor } from '../interceptors/error-capture.interceptor.js';
import type { FixedConsumerOptions, LateConsumerOptions, OptionSource, RocketConsumerOptions } from '../module/rocketmq-options.js';
import { DEFAULT_CLUSTER, rocketTransport } from '../module/tokens.js';

/** Key under which a decorated method keeps its {@link ConsumerMetadata}. */
export const ROCKET_CONSUMER_METADATA = 'nestjs-rocketmq:consumer';

/**
 * Makes a controller method the handler of a subscription.
 *
 *     @RocketConsumer({ topic: 'orders', tags: 'paid', group: 'deduction' })
 *     async onPaid(order: OrderPaid, @Ctx() context: RocketContext) { ... }
 *
 * Returning means consumed; throwing means delivered again later; throw `RetryLater`, `DeadLetter`, `SuspendQueue` or
 * `Drop` to choose. The options may be a function of an `OptionSource`, then give the cluster and `reply` beside it.
 */
export function RocketConsumer(options: RocketConsumerOptions): MethodDecorator;
export function RocketConsumer(options: (source: OptionSource) => LateConsumerOptions, fixed?: FixedConsumerOptions): MethodDecorator;
export function RocketConsumer(options: RocketConsumerOptions | ((source: OptionSource) => LateConsumerOptions), fixed: FixedConsumerOptions = {}): MethodDecorator {
  const known = typeof options === 'function' ? fixed : options;
  const cluster = known.cluster ?? DEFAULT_CLUSTER;
  const reply = known.reply ?? false;
  return (target, key, descriptor) => {
    const place = `${target.constructor.name}.${String(key)}`;
    const method = descriptor.value as object | undefined;
    if (typeof method !== 'function') throw new RocketMqError('OPTION_INVALID', `@RocketConsumer on ${place}: only methods can consume`);
    if (Reflect.hasMetadata(ROCKET_CONSUMER_METADATA, method)) {
      throw new RocketMqError('OPTION_INVALID', `${place} has more than one @RocketConsumer; give each subscription a method of its own`);
    }
    const metadata: ConsumerMetadata = { place, options, cluster, reply };
    // The pattern only has to be unique: the server finds handlers by subscription, not by pattern.
    const pattern = `rocketmq:${cluster}:${place}`;
    const extras = { [ROCKET_EXTRAS]: metadata };
    const transport = rocketTransport(cluster);
    applyDecorators(reply ? MessagePattern<string>(pattern, transport, extras) : EventPattern<string>(pattern, transport, extras))(target, key, descriptor);
    Reflect.defineMetadata(ROCKET_CONSUMER_METADATA, metadata, method);
    putInFront(method);
  };
}

/** Our interceptor is outermost whatever the order of decorators, so that it sees the errors of all others. */
function putInFront(method: object): void {
  const others = (Reflect.getMetadata(INTERCEPTORS_METADATA, method) as unknown[] | undefined) ?? [];
  Reflect.defineMetadata(INTERCEPTORS_METADATA, [ErrorCaptureInterceptor, ...others], method);
}
