import 'reflect-metadata';
import { ValidationPipe, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { SampleSettings } from '../support/settings.js';
import { OrderModule } from './order.module.js';

/** Starts the order service; `app.getUrl()` tells where it listens. */
export async function startOrderService(settings: SampleSettings): Promise<INestApplication> {
  const app = await NestFactory.create(OrderModule.forRoot(settings), { logger: ['warn', 'error'] });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
  await app.listen(settings.port, '127.0.0.1');
  return app;
}
