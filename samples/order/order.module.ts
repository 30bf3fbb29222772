import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { RocketMQModule } from '../../lib/index.js';
import { openDatabase } from '../support/database.js';
import type { SampleSettings } from '../support/settings.js';
import { OrderController } from './order.controller.js';
import { createOrderTables, type OrderSchema } from './order.database.js';
import { ORDER_DATABASE, OrderService } from './order.service.js';

/** The order service: HTTP in, a row saved, a message out. */
@Module({})
export class OrderModule implements OnApplicationShutdown {
  constructor(@Inject(ORDER_DATABASE) private readonly database: Kysely<OrderSchema>) {}

  static forRoot(settings: SampleSettings): DynamicModule {
    const database = {
      provide: ORDER_DATABASE,
      useFactory: async () => {
        const opened = openDatabase<OrderSchema>(settings.databaseUrl);
        await createOrderTables(opened);
        return opened;
      },
    };
    return {
      module: OrderModule,
      imports: [RocketMQModule.forRoot({ nameServers: settings.nameServers, producer: { group: 'order-service' } })],
      controllers: [OrderController],
      providers: [database, OrderService],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.destroy();
  }
}
