import { PushConsumer } from '../client/consumer/push-consumer.js';
import { Producer } from '../client/producer/producer.js';
import type { ProducerOptions, PushConsumerOptions, RocketProducer, RocketPushConsumer } from '../client/types.js';
import type { RocketClientFactory } from './client-factory.js';

/** Makes this package's own clients, each with connections of its own, so that a busy consumer does not hold up sends. */
export class NativeClientFactory implements RocketClientFactory {
  /** @throws RocketMqError `OPTION_INVALID` */
  createProducer(options: ProducerOptions): RocketProducer {
    return new Producer(options);
  }

  /** @throws RocketMqError `OPTION_INVALID` */
  createPushConsumer(options: PushConsumerOptions): RocketPushConsumer {
    return new PushConsumer(options);
  }
}
