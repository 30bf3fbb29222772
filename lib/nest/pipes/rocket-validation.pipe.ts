import { Injectable, ValidationPipe, type ValidationError, type ValidationPipeOptions } from '@nestjs/common';
import { PayloadInvalid } from '../exceptions/consume-outcome.exception.js';

/**
 * `ValidationPipe` whose refusal is a `PayloadInvalid`: the message becomes a dead letter also in plain `@EventPattern`
 * handlers. Handlers with `@RocketConsumer` get that with the ordinary `ValidationPipe` too.
 */
@Injectable()
export class RocketValidationPipe extends ValidationPipe {
  constructor(options: Omit<ValidationPipeOptions, 'exceptionFactory'> = {}) {
    super({ ...options, exceptionFactory: (errors: ValidationError[]) => new PayloadInvalid(`the payload is invalid: ${describe(errors, '').join('; ')}`) });
  }
}

function describe(errors: readonly ValidationError[], prefix: string): string[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const path = `${prefix}${property}`;
    const own = Object.values(constraints ?? {}).map((text) => (prefix === '' ? text : `${path}: ${text}`));
    return [...own, ...describe(children ?? [], `${path}.`)];
  });
}
