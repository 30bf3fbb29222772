import { Body, Controller, Injectable, Module, Post, ValidationPipe, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { IsInt } from 'class-validator';
import type { AddressInfo } from 'node:net';
import type { Observable } from 'rxjs';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { RocketTemplate } from '../../../lib/nest/producer/rocket-template.js';
import { eventually } from '../../support/eventually.js';
import { startHybrid } from '../../support/nest/test-app.js';

class OrderDto {
  @IsInt()
  id!: number;
}

const handled: unknown[] = [];
const intercepted: string[] = [];

@Injectable()
class GlobalInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    intercepted.push(context.getType());
    return next.handle();
  }
}

@Controller('orders')
class Orders {
  constructor(private readonly rocket: RocketTemplate) {}

  @Post()
  async place(@Body() order: OrderDto): Promise<{ msgId: string }> {
    const { msgId } = await this.rocket.send('orders', order);
    return { msgId };
  }

  @RocketConsumer({ topic: 'orders', group: 'g' })
  handle(@Payload() order: OrderDto): void {
    handled.push(order);
  }
}

@Module({ controllers: [Orders], providers: [{ provide: APP_INTERCEPTOR, useClass: GlobalInterceptor }] })
class OrderModule {}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('serves HTTP and consumes in one application, with its global pipes and interceptors in both', async () => {
  const { app, cluster } = await startHybrid({ imports: [OrderModule], configure: (app) => app.useGlobalPipes(new ValidationPipe({ transform: true })) });
  close = () => app.close();
  await app.listen(0);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const post = (body: unknown) => fetch(`http://127.0.0.1:${port}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  expect((await post({ id: 'x' })).status).toBe(400);
  const response = await post({ id: 5 });
  expect(await response.json()).toEqual({ msgId: 'M0' });
  await eventually('the message', () => handled.length === 1);
  expect(handled[0]).toBeInstanceOf(OrderDto);
  expect(intercepted).toContain('http');
  expect(intercepted).toContain('rpc');

  cluster.put('orders', { id: 'no number' });
  await eventually('the dead letter', () => cluster.deadLetters('g').length === 1);
});
