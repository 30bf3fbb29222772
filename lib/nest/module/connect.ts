import { ShutdownSignal, type INestApplication, type INestMicroservice } from '@nestjs/common';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { RocketMQServer } from '../transport/rocketmq.server.js';
import { getRocketServerToken } from './injection.js';
import { DEFAULT_CLUSTER, ROCKETMQ_SERVERS } from './tokens.js';

/** Choices of {@link connectRocketMQ}. */
export interface ConnectOptions {
  /** Clusters to consume from; default: all of the module. */
  readonly clusters?: readonly string[];
  /** Whether global pipes, guards, interceptors and filters of the application apply to messages too; default true. */
  readonly inheritAppConfig?: boolean;
  /** Signals that drain and close the application; default SIGTERM and SIGINT; `[]` for none. */
  readonly signals?: readonly (ShutdownSignal | string)[];
}

/**
 * Lets an HTTP application consume: connects the servers of `RocketMQModule` and starts them. Call it after `useGlobalPipes`
 * and its like, which Nest binds to handlers here, and before or after `app.listen()`: consumption begins when the
 * application is ready.
 * @throws RocketMqError `OPTION_INVALID` when a cluster is connected already
 *
 *     const app = await NestFactory.create(AppModule);
 *     await connectRocketMQ(app);
 *     await app.listen(3000);
 */
export async function connectRocketMQ(app: INestApplication, options: ConnectOptions = {}): Promise<readonly INestMicroservice[]> {
  const servers = app.get<readonly RocketMQServer[]>(ROCKETMQ_SERVERS, { strict: false });
  const wanted = options.clusters === undefined ? servers : options.clusters.map((cluster) => app.get<RocketMQServer>(getRocketServerToken(cluster), { strict: false }));
  for (const { cluster, hasHandlers } of wanted) {
    if (hasHandlers) throw new RocketMqError('OPTION_INVALID', `the cluster "${cluster}" is connected already; call connectRocketMQ once, or once for each cluster`);
  }
  const microservices = wanted.map((strategy) => app.connectMicroservice({ strategy }, { inheritAppConfig: options.inheritAppConfig ?? true }));
  enableRocketShutdown(app, options.signals);
  await Promise.all(microservices.map((microservice) => microservice.listen()));
  return microservices;
}

/**
 * Options for an application that does nothing but consume:
 * `NestFactory.createMicroservice(AppModule, rocketMicroservice())`. Call {@link enableRocketShutdown} on it.
 */
export function rocketMicroservice(cluster: string = DEFAULT_CLUSTER): AsyncMicroserviceOptions {
  return { inject: [getRocketServerToken(cluster)], useFactory: (strategy: RocketMQServer) => ({ strategy }) };
}

/** Makes signals close the application, which drains consumers before anything else is closed. */
export function enableRocketShutdown(app: INestApplication | INestMicroservice, signals: readonly (ShutdownSignal | string)[] = [ShutdownSignal.SIGTERM, ShutdownSignal.SIGINT]): void {
  // Nest takes an empty list for "all signals".
  if (signals.length > 0) app.enableShutdownHooks([...signals]);
}
