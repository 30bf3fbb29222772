import type { INestApplication, INestMicroservice, ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { connectRocketMQ, rocketMicroservice } from '../../../lib/nest/module/connect.js';
import { RocketMQModule } from '../../../lib/nest/module/rocketmq.module.js';
import type { RocketMQModuleExtras, RocketMQModuleOptions } from '../../../lib/nest/module/rocketmq-options.js';
import { FakeCluster } from './fake-cluster.js';

/** What a test application is made of. */
export interface TestAppOptions extends ModuleMetadata {
  readonly cluster?: FakeCluster;
  readonly rocket?: Partial<RocketMQModuleOptions & RocketMQModuleExtras>;
  /** Called before handlers are registered, e.g. for `useGlobalPipes`. */
  readonly configure?: (app: INestApplication | INestMicroservice) => void;
}

/** A running application with its fake cluster. */
export interface TestApp<A> {
  readonly app: A;
  readonly cluster: FakeCluster;
}

/** Standalone consuming application, listening. */
export async function startMicroservice(options: TestAppOptions): Promise<TestApp<INestMicroservice>> {
  const { cluster, module } = await compile(options);
  const app = module.createNestMicroservice(rocketMicroservice());
  options.configure?.(app);
  await app.listen();
  return { app, cluster };
}

/** Standalone consuming application on a real broker; groups start at the first message and share queues quickly. */
export async function startOnBroker(nameServers: string, options: Omit<TestAppOptions, 'cluster'>): Promise<INestMicroservice> {
  const { consumer, ...rocket } = (options.rocket ?? {}) as Partial<RocketMQModuleOptions> & { consumer?: object };
  const rocketOptions = {
    nameServers,
    pollNameServerIntervalMs: 200,
    heartbeatIntervalMs: 500,
    replyTimeoutMs: 20_000,
    consumer: { group: 'default-group', consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET', ...consumer },
    ...rocket,
  } as RocketMQModuleOptions;
  const module = await Test.createTestingModule({
    controllers: options.controllers,
    providers: options.providers,
    imports: [RocketMQModule.forRoot(rocketOptions), ...(options.imports ?? [])],
  }).compile();
  module.useLogger(false);
  const app = module.createNestMicroservice(rocketMicroservice());
  options.configure?.(app);
  await app.listen();
  return app;
}

/** HTTP application that consumes too, initialised. */
export async function startHybrid(options: TestAppOptions): Promise<TestApp<INestApplication>> {
  const { cluster, module } = await compile(options);
  const app = module.createNestApplication({ logger: false });
  options.configure?.(app);
  await connectRocketMQ(app, { signals: [] });
  await app.init();
  return { app, cluster };
}

async function compile({ cluster = new FakeCluster(), rocket, configure: _configure, ...metadata }: TestAppOptions) {
  const options = { nameServers: '127.0.0.1:9876', clientFactory: cluster, consumer: { group: 'default-group' }, ...rocket } as RocketMQModuleOptions;
  const module = await Test.createTestingModule({ ...metadata, imports: [RocketMQModule.forRoot(options), ...(metadata.imports ?? [])] }).compile();
  module.useLogger(false);
  return { cluster, module };
}
