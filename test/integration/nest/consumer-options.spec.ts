import { Controller } from '@nestjs/common';
import { afterEach, expect, it } from 'vitest';
import { RocketConsumer } from '../../../lib/nest/decorators/rocket-consumer.decorator.js';
import { startMicroservice } from '../../support/nest/test-app.js';

@Controller()
class Handlers {
  @RocketConsumer({ topic: 'a', group: 'plain' })
  plain(): void {}

  @RocketConsumer({ topic: 'a', group: 'own', mode: 'ORDERLY', model: 'BROADCASTING', from: new Date(5000), maxReconsumeTimes: 3, suspendMs: 70, concurrency: 2, batch: 9 })
  own(): void {}

  @RocketConsumer({ topic: 'a', sql: 'amount > 5', group: 'sql', from: 'CONSUME_FROM_FIRST_OFFSET' })
  sql(): void {}
}

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

it('gives consumers the options of the decorator, over the defaults of the cluster', async () => {
  const consumer = { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET', pullBatchSize: 64, maxReconsumeTimes: 8, suspendCurrentQueueTimeMs: 500, concurrency: 30 } as const;
  const { app, cluster } = await startMicroservice({ controllers: [Handlers], rocket: { consumer, namespace: 'tenant', instanceName: 'one' } });
  close = () => app.close();
  const [plain, own, sql] = cluster.consumers;
  expect(plain.options).toMatchObject({ ...consumer, messageModel: 'CLUSTERING', consumeMessageBatchMaxSize: 1, namespace: 'tenant', instanceName: 'one' });
  expect(own.options).toMatchObject({
    messageModel: 'BROADCASTING',
    consumeFromWhere: 'CONSUME_FROM_TIMESTAMP',
    consumeTimestamp: 5000,
    maxReconsumeTimes: 3,
    suspendCurrentQueueTimeMs: 70,
    concurrency: 2,
    consumeMessageBatchMaxSize: 9,
    pullBatchSize: 64,
  });
  expect(sql.options.consumeFromWhere).toBe('CONSUME_FROM_FIRST_OFFSET');
  expect(sql.subscriptions.get('a')).toEqual({ type: 'SQL92', expression: 'amount > 5' });
  expect(plain.options).not.toHaveProperty('timeoutMs');
});
