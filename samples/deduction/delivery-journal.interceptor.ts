import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { catchError, from, mergeMap, throwError, type Observable } from 'rxjs';
import type { RocketContext } from '../../lib/index.js';
import type { DeductionSchema, DeliveryOutcome } from './deduction.database.js';
import { DEDUCTION_DATABASE } from './tokens.js';

/** Notes every delivery and its outcome, outside of the debit's transaction, so that the demonstration can count them. */
@Injectable()
export class DeliveryJournal implements NestInterceptor {
  constructor(@Inject(DEDUCTION_DATABASE) private readonly database: Kysely<DeductionSchema>) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const delivery = context.switchToRpc().getContext<RocketContext>();
    return next.handle().pipe(
      mergeMap(async (result: unknown) => {
        await this.note(delivery, delivery.isDuplicate ? 'duplicate' : 'done');
        return result;
      }),
      catchError((error: unknown) => from(this.note(delivery, 'failed')).pipe(mergeMap(() => throwError(() => error)))),
    );
  }

  private async note(delivery: RocketContext, outcome: DeliveryOutcome): Promise<void> {
    const { message } = delivery;
    await this.database
      .insertInto('deliveries')
      .values({
        message_id: message.msgId,
        position: `${message.brokerName}/${message.topic}/${message.queueId}/${message.queueOffset}`,
        reconsume_times: message.reconsumeTimes,
        outcome,
      })
      .execute();
  }
}
