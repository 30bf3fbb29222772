/*
 * Public names of `nestjs-rocketmq`. Everything of `nestjs-rocketmq/client` and `nestjs-rocketmq/idempotency` is here too;
 * those two load no Nest.
 */
export * from './entry/client.js';
export * from './entry/idempotency.js';

export { jsonCodec, rawCodec, textCodec, type PayloadCodec } from './nest/codec/payload-codec.js';
export type { RocketClientFactory } from './nest/client-factory.js';
export { DEFAULT_MAX_RECONSUME_TIMES, type ConsumeFailure } from './nest/consuming/group-consumer.js';
export type { Decision } from './nest/consuming/decision.js';
export { DEFAULT_DELAY_LEVELS_MS } from './nest/consuming/delay-levels.js';
export { Idempotent } from './nest/decorators/idempotent.decorator.js';
export { RocketKeys, RocketMessage, RocketMessages, RocketProperty } from './nest/decorators/message-params.decorator.js';
export { RocketConsumer } from './nest/decorators/rocket-consumer.decorator.js';
export {
  ConsumeOutcomeException,
  DeadLetter,
  Drop,
  PayloadInvalid,
  RetryLater,
  SuspendQueue,
  type ConsumeOutcomeKind,
} from './nest/exceptions/consume-outcome.exception.js';
export { RemoteHandlerError } from './nest/exceptions/remote-handler.exception.js';
export type { IdempotencyKey, IdempotencyTransaction, IdempotentOptions, RocketIdempotencyOptions } from './nest/idempotency/idempotency-options.js';
export { connectRocketMQ, enableRocketShutdown, rocketMicroservice, type ConnectOptions } from './nest/module/connect.js';
export { getRocketServerToken, getRocketTemplateToken, InjectRocketServer, InjectRocketTemplate } from './nest/module/injection.js';
export type {
  Configurable,
  ConsumeMode,
  FixedConsumerOptions,
  LateConsumerOptions,
  OptionSource,
  PlaceholderValues,
  RocketClusterOptions,
  RocketConsumerDefaults,
  RocketConsumerOptions,
  RocketMQModuleAsyncOptions,
  RocketMQModuleExtras,
  RocketMQModuleOptions,
  RocketMQOptionsFactory,
  RocketSharedOptions,
  StartPosition,
} from './nest/module/rocketmq-options.js';
export { RocketMQModule } from './nest/module/rocketmq.module.js';
export { DEFAULT_CLUSTER, IDEMPOTENCY_STORE, rocketTransport } from './nest/module/tokens.js';
export { NativeClientFactory } from './nest/native-client-factory.js';
export { NestLoggerAdapter } from './nest/nest-logger.js';
export { RocketValidationPipe } from './nest/pipes/rocket-validation.pipe.js';
export { RocketRecord, RocketRecordBuilder, type RocketMessageOptions } from './nest/producer/rocket-record.js';
export { RocketTemplate, type RocketOutgoingMessage, type RocketRequestOptions, type RocketSendOptions } from './nest/producer/rocket-template.js';
export { DEAD_LETTER_PROPERTY, REPLY_ERROR_PROPERTY } from './nest/property-names.js';
export { RocketContext } from './nest/transport/rocket.context.js';
export { RocketMQClientProxy, type RocketMQClientOptions } from './nest/transport/rocketmq.client-proxy.js';
export { RocketMQServer, RocketMQStatus, type RocketMQServerEvents } from './nest/transport/rocketmq.server.js';
