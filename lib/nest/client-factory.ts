import type { ProducerOptions, PushConsumerOptions, RocketProducer, RocketPushConsumer } from '../client/types.js';

/** Makes the clients that the Nest layer drives; tests and embedders may give another one. */
export interface RocketClientFactory {
  createProducer(options: ProducerOptions): RocketProducer;
  createPushConsumer(options: PushConsumerOptions): RocketPushConsumer;
}
