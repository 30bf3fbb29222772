import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { type IdempotencyStore, PostgresqlIdempotencyStore, RocketMQModule, SqliteIdempotencyStore, kyselyExecutor } from '../../lib/index.js';
import { isPostgres, openDatabase } from '../support/database.js';
import type { SampleSettings } from '../support/settings.js';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { createDeductionTables, type DeductionSchema } from './deduction.database.js';
import { DeductionConsumer } from './deduction.consumer.js';
import { DeliveryJournal } from './delivery-journal.interceptor.js';
import { DEDUCTION_DATABASE, FAIL_FIRST_ORDER } from './tokens.js';
import { UnitOfWork } from './unit-of-work.js';

/** Period of offset commits, ms; shorter than the default so that a killed process repeats less. */
const COMMIT_EVERY_MS = 1000;

/** Opens the log table of the framework in the service's own database. */
async function openLogTable(url: string, database: Kysely<DeductionSchema>): Promise<IdempotencyStore> {
  const executor = kyselyExecutor(database);
  const store = isPostgres(url) ? new PostgresqlIdempotencyStore({ executor }) : new SqliteIdempotencyStore({ executor });
  await store.createSchema();
  return store;
}

/** The deduction service: messages in, debits out, exactly one per order. */
@Module({})
export class DeductionModule implements OnApplicationShutdown {
  constructor(@Inject(DEDUCTION_DATABASE) private readonly database: Kysely<DeductionSchema>) {}

  static async forRoot(settings: SampleSettings, failFirstOrder: string): Promise<DynamicModule> {
    const database = openDatabase<DeductionSchema>(settings.databaseUrl);
    await createDeductionTables(database);
    return {
      module: DeductionModule,
      imports: [
        RocketMQModule.forRoot({
          nameServers: settings.nameServers,
          consumer: { persistConsumerOffsetIntervalMs: COMMIT_EVERY_MS },
          idempotency: { store: () => openLogTable(settings.databaseUrl, database) },
        }),
      ],
      controllers: [DeductionConsumer, AccountController],
      providers: [
        { provide: DEDUCTION_DATABASE, useValue: database },
        { provide: FAIL_FIRST_ORDER, useValue: failFirstOrder },
        UnitOfWork,
        AccountService,
        DeliveryJournal,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.destroy();
  }
}
