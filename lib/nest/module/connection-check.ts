import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { Logger } from '../../runtime/logger.js';
import type { ConsumerMetadata } from '../consuming/consumer-definition.js';
import { ROCKET_CONSUMER_METADATA } from '../decorators/rocket-consumer.decorator.js';
import type { IdempotentOptions } from '../idempotency/idempotency-options.js';
import type { IdempotencyRuntime } from '../idempotency/idempotency-runtime.js';
import { IDEMPOTENT_METADATA } from '../interceptors/idempotency.interceptor.js';
import type { RocketMQServer } from '../transport/rocketmq.server.js';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** A method with our decorators. */
interface Found {
  readonly consumer: ConsumerMetadata;
  readonly idempotent: IdempotentOptions | undefined;
}

/** Finds handlers that could never work, at the start instead of in production. */
export class ConnectionCheck {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly idempotency: IdempotencyRuntime,
    private readonly logger: Logger,
  ) {}

  /** @throws RocketMqError `OPTION_INVALID` for `@RocketConsumer` on a provider or with an unknown cluster, and `@Idempotent` without a store */
  run(servers: readonly RocketMQServer[]): void {
    for (const { consumer } of this.#handlersOf(this.discovery.getProviders())) {
      throw invalid(`${consumer.place} has @RocketConsumer, but its class is a provider, where Nest does not look for handlers; list the class under "controllers"`);
    }
    for (const { consumer, idempotent } of this.#handlersOf(this.discovery.getControllers())) {
      this.#checkConnection(consumer, servers);
      if (idempotent !== undefined) this.#checkIdempotency(consumer, idempotent);
    }
  }

  #checkConnection({ place, cluster }: ConsumerMetadata, servers: readonly RocketMQServer[]): void {
    const server = servers.find((candidate) => candidate.cluster === cluster);
    if (server === undefined) {
      const known = servers.map((candidate) => `"${candidate.cluster}"`).join(', ');
      throw invalid(`${place} consumes from cluster "${cluster}", which RocketMQModule does not know; known: ${known}`);
    }
    if (!server.hasHandlers) {
      this.logger.warn(
        `${place} will get no messages until its cluster is connected: await connectRocketMQ(app), or NestFactory.createMicroservice(AppModule, rocketMicroservice("${cluster}"))`,
      );
    }
  }

  #checkIdempotency({ place }: ConsumerMetadata, options: IdempotentOptions): void {
    try {
      this.idempotency.partsFor(options);
    } catch (error) {
      throw invalid(`${place}: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  *#handlersOf(wrappers: Wrapper[]): Generator<Found> {
    for (const { metatype } of wrappers) {
      const prototype: unknown = typeof metatype === 'function' ? metatype.prototype : undefined;
      if (typeof prototype !== 'object' || prototype === null) continue;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const method: unknown = (prototype as Record<string, unknown>)[name];
        if (typeof method !== 'function') continue;
        const consumer = Reflect.getMetadata(ROCKET_CONSUMER_METADATA, method) as ConsumerMetadata | undefined;
        const idempotent = Reflect.getMetadata(IDEMPOTENT_METADATA, method) as IdempotentOptions | undefined;
        if (consumer !== undefined) yield { consumer, idempotent };
      }
    }
  }
}

function invalid(text: string, cause?: unknown): RocketMqError {
  return new RocketMqError('OPTION_INVALID', text, { cause });
}
