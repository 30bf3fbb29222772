/** Public names of `nestjs-rocketmq/client`: RocketMQ for Node without Nest. Listed by hand, so that the surface is reviewed. */
export { Producer } from '../client/producer/producer.js';
export { PushConsumer } from '../client/consumer/push-consumer.js';
export { PullConsumer } from '../client/consumer/pull-consumer.js';
export { RocketClient } from '../client/rocket-client.js';
export type { ClientRuntime } from '../client/client-runtime.js';
export type {
  AllocateStrategy,
  AllocateStrategyName,
  ClientOptions,
  ConcurrentListener,
  ConcurrentOutcome,
  ConsumeFromWhere,
  ConsumerQueueState,
  Credentials,
  FilterExpression,
  ListenerContext,
  MessageModel,
  OrderlyListener,
  OrderlyOutcome,
  ProducerOptions,
  PullConsumerOptions,
  PullResult,
  PushConsumerOptions,
  QueueSelector,
  RocketProducer,
  RocketPullConsumer,
  RocketPushConsumer,
  SendMessage,
  SendOptions,
  SendResult,
  SendStatus,
} from '../client/types.js';
export { RocketMqError } from '../errors/rocketmq-error.js';
export type { ErrorDetails, RocketMqErrorCode } from '../errors/rocketmq-error.js';
export { PROPERTY } from '../protocol/message/properties.js';
export type { HostAddress, Message, MessageExt, MessageQueue } from '../protocol/message/message.js';
export type { LogFields, Logger } from '../runtime/logger.js';
