import 'reflect-metadata';
import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { connectRocketMQ } from '../../lib/index.js';
import { readSettings } from '../support/settings.js';
import { DeductionModule } from './deduction.module.js';

const settings = readSettings({ databaseUrl: 'data/deduction.db', port: 3001 });
const app = await NestFactory.create(await DeductionModule.forRoot(settings, process.env.FAIL_FIRST_ORDER ?? ''), { logger: ['warn', 'error'] });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true }));
await connectRocketMQ(app);
await app.listen(settings.port, '127.0.0.1');
const url = await app.getUrl();
console.log(`deduction service on ${url}`);
if (process.send) {
  // Started by the demonstration: it waits for this, and we end with it.
  process.once('disconnect', () => void app.close());
  process.send({ url });
}
