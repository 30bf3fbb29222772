import { BadRequestException, Catch, Controller, Injectable, UseFilters, UseGuards, UseInterceptors, type ArgumentsHost, type CallHandler, type CanActivate, type ExceptionFilter, type ExecutionContext, type NestInterceptor, type PipeTransform } from '@nestjs/common';
import { Payload, RpcException } from '@nestjs/microservices';
import { of, tap, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { DeadLetter } from '../../../lib/nest/exceptions/consume-outcome.exception.js';
import { RocketContext } from '../../../lib/nest/transport/rocket.context.js';
import { eventually } from '../../support/eventually.js';
import { startMicroservice, type TestAppOptions } from '../../support/nest/test-app.js';

let steps: string[] = [];
let close: (() => Promise<void>) | undefined;
beforeEach(() => {
  steps = [];
});
afterEach(() => close?.());

async function consume(options: TestAppOptions) {
  const { app, cluster } = await startMicroservice(options);
  close = () => app.close();
  cluster.put('orders', { id: 1 });
  await eventually('the outcome', () => cluster.outcomes.length > 0);
  return { cluster, outcome: cluster.outcomes[0].outcome };
}

@Injectable()
class StepGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    steps.push(`guard ${context.getType()} ${context.switchToRpc().getContext<RocketContext>().group}`);
    return true;
  }
}

@Injectable()
class StepInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    steps.push('interceptor before');
    return next.handle().pipe(tap(() => steps.push('interceptor after')));
  }
}

const stepPipe: PipeTransform = {
  transform: (value: unknown) => {
    steps.push('pipe');
    return value;
  },
};

it('runs guards, interceptors and pipes around the handler, as for any Nest handler', async () => {
  @Controller()
  class Orders {
    @UseGuards(StepGuard)
    @UseInterceptors(StepInterceptor)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(@Payload(stepPipe) order: { id: number }): void {
      steps.push(`handler ${order.id}`);
    }
  }
  await consume({ controllers: [Orders] });
  expect(steps).toEqual(['guard rpc g', 'interceptor before', 'pipe', 'handler 1', 'interceptor after']);
});

it('delivers again what a guard refuses', async () => {
  @Injectable()
  class ClosedGuard implements CanActivate {
    canActivate = (): boolean => false;
  }
  @Controller()
  class Orders {
    @UseGuards(ClosedGuard)
    @RocketConsumer({ topic: 'orders', group: 'g', maxReconsumeTimes: 1 })
    handle(): void {
      steps.push('handler');
    }
  }
  const { cluster, outcome } = await consume({ controllers: [Orders] });
  expect(outcome).toMatchObject({ status: 'RECONSUME_LATER' });
  await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toBe('failed after 1 redeliveries: Forbidden resource');
  expect(steps).toEqual([]);
});

it('lets filters see what was really thrown, and still decides by it when they reduce it', async () => {
  const seen: unknown[] = [];
  @Catch()
  class ReducingFilter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost): Observable<never> {
      seen.push(error, host.switchToRpc().getContext<RocketContext>().error);
      return throwError(() => ({ status: 'error', message: 'reduced' }));
    }
  }
  const thrown = new DeadLetter('never');
  @Controller()
  class Orders {
    @UseFilters(ReducingFilter)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {
      throw thrown;
    }
  }
  const { cluster, outcome } = await consume({ controllers: [Orders] });
  expect(seen).toEqual([thrown, thrown]);
  expect(outcome).toEqual({ status: 'CONSUME_SUCCESS' });
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toBe('never');
});

it.each(['above', 'below'])('knows what an interceptor of the method threw, whether its decorator stands %s ours', async (where) => {
  const refuse: NestInterceptor = { intercept: () => throwError(() => new BadRequestException('not for me')) };
  const pass: NestInterceptor = { intercept: (_, next) => next.handle() };
  @Controller()
  class Orders {
    @UseInterceptors(where === 'above' ? refuse : pass)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    @UseInterceptors(where === 'below' ? refuse : pass)
    handle(): void {}
  }
  const { cluster, outcome } = await consume({ controllers: [Orders] });
  expect(outcome).toEqual({ status: 'CONSUME_SUCCESS' });
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toBe('the payload is invalid: not for me');
});

it('lets a filter choose the outcome', async () => {
  class AccountClosed extends Error {}
  @Catch(AccountClosed)
  class ClosedFilter implements ExceptionFilter {
    catch = (error: AccountClosed): Observable<never> => throwError(() => new DeadLetter('account closed', { cause: error }));
  }
  @Controller()
  class Orders {
    @UseFilters(ClosedFilter)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {
      throw new AccountClosed();
    }
  }
  const { cluster } = await consume({ controllers: [Orders] });
  expect(cluster.deadLetters('g')[0].properties['DLQ_REASON']).toBe('account closed');
});

it('takes an answer of a filter for the end of the matter', async () => {
  @Catch()
  class AnsweringFilter implements ExceptionFilter {
    catch = (): Observable<string> => of('settled by hand');
  }
  @Controller()
  class Orders {
    @UseFilters(AnsweringFilter)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {
      throw new Error('boom');
    }
  }
  expect((await consume({ controllers: [Orders] })).outcome).toEqual({ status: 'CONSUME_SUCCESS' });
});

// Nest turns to its default filter when a filter returns nothing; this holds us to it.
it.each(['handler', 'guard'])('does not lose a message to a filter that logs the error of a %s and returns nothing', async (where) => {
  @Catch()
  class LoggingFilter implements ExceptionFilter {
    catch(): void {
      steps.push('logged');
    }
  }
  @Injectable()
  class ThrowingGuard implements CanActivate {
    canActivate(): boolean {
      if (where === 'guard') throw new RpcException('who are you');
      return true;
    }
  }
  @Controller()
  class Orders {
    @UseGuards(ThrowingGuard)
    @UseFilters(LoggingFilter)
    @RocketConsumer({ topic: 'orders', group: 'g' })
    handle(): void {
      if (steps.length < 2) throw new Error('boom');
    }
  }
  const { outcome } = await consume({ controllers: [Orders] });
  expect(outcome).toMatchObject({ status: 'RECONSUME_LATER' });
  expect(steps).toContain('logged');
});
