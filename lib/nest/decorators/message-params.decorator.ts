import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { RocketContext } from '../transport/rocket.context.js';

/** The received message with its body, ids and queue (`MessageExt`); for batch handlers, the first. */
export const RocketMessage = createParamDecorator((_: unknown, context: ExecutionContext) => contextOf(context).message);

/** All messages of the call, as an array; for batch handlers. */
export const RocketMessages = createParamDecorator((_: unknown, context: ExecutionContext) => contextOf(context).messages);

/** The business keys, as an array. */
export const RocketKeys = createParamDecorator((_: unknown, context: ExecutionContext) => contextOf(context).keys);

/** One property by name, or without a name all of them. */
export const RocketProperty = createParamDecorator((name: string | undefined, context: ExecutionContext) => {
  const { properties } = contextOf(context);
  return name === undefined ? properties : properties[name];
});

function contextOf(context: ExecutionContext): RocketContext {
  const found: unknown = context.switchToRpc().getContext();
  if (found instanceof RocketContext) return found;
  throw new RocketMqError('OPTION_INVALID', `${context.getClass().name}.${context.getHandler().name}: @RocketMessage and its like work in handlers of RocketMQ messages only`);
}
