import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import { RocketContext } from '../transport/rocket.context.js';

/**
 * Notes the error of a handler or pipe in the context, before an exception filter reduces it to "Internal server error":
 * the outcome of a message depends on what was really thrown. Put in front by `@RocketConsumer`.
 */
@Injectable()
export class ErrorCaptureInterceptor implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const context: unknown = execution.switchToRpc().getContext();
    if (!(context instanceof RocketContext)) return next.handle();
    return next.handle().pipe(
      tap({
        error: (error: unknown) => {
          context.error = error;
        },
      }),
    );
  }
}
