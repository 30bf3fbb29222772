import type { ClientOptions, ProducerOptions } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { validateGroupName } from '../../protocol/topic-names.js';
import { jsonCodec, type PayloadCodec } from '../codec/payload-codec.js';
import type { RocketClientFactory } from '../client-factory.js';
import { NestLoggerAdapter } from '../nest-logger.js';
import type { RocketIdempotencyOptions } from '../idempotency/idempotency-options.js';
import type { PlaceholderValues, RocketClusterOptions, RocketConsumerDefaults, RocketMQModuleOptions } from './rocketmq-options.js';
import { DEFAULT_CLUSTER } from './tokens.js';

const DEFAULT_REPLY_TIMEOUT_MS = 5000;

/** Options of one cluster, checked and with defaults. */
export interface ResolvedCluster {
  readonly name: string;
  /** What producers and consumers have in common. */
  readonly client: ClientOptions;
  readonly producer: ProducerOptions;
  readonly consumer: RocketConsumerDefaults;
  readonly codec: PayloadCodec;
  readonly replyTimeoutMs: number;
  readonly delayLevelsMs: readonly number[] | undefined;
  readonly placeholders: PlaceholderValues | undefined;
  readonly clientFactory: RocketClientFactory;
}

/** Options of a module, checked and with defaults. */
export interface ResolvedModule {
  readonly clusters: ReadonlyMap<string, ResolvedCluster>;
  readonly idempotency: RocketIdempotencyOptions;
}

/** Names of the clusters in these options. */
export function clusterNamesOf(options: RocketMQModuleOptions): string[] {
  return clustersOf(options).map(({ name }) => name ?? DEFAULT_CLUSTER);
}

/**
 * Checks the module's options and fills in defaults.
 * @throws RocketMqError `OPTION_INVALID` listing everything that is wrong, each with option, value and remedy
 */
export function resolveModuleOptions(options: RocketMQModuleOptions, expectedNames: readonly string[], fallbackFactory: RocketClientFactory): ResolvedModule {
  const clusters = clustersOf(options);
  const problems = [...problemsOfNames(clusters, expectedNames), ...clusters.flatMap((cluster) => problemsOf(cluster))];
  if (options.idempotency?.store !== undefined && options.idempotency.storeToken !== undefined) {
    problems.push('idempotency has both store and storeToken; give one');
  }
  if (problems.length > 0) {
    throw new RocketMqError('OPTION_INVALID', `RocketMQModule cannot start with these options:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, {
      details: { problems },
    });
  }
  return {
    clusters: new Map(clusters.map((cluster) => [cluster.name ?? DEFAULT_CLUSTER, resolveCluster(cluster, options, fallbackFactory)])),
    idempotency: options.idempotency ?? {},
  };
}

function clustersOf(options: RocketMQModuleOptions): readonly RocketClusterOptions[] {
  return options.clusters ?? [options];
}

function resolveCluster(cluster: RocketClusterOptions, options: RocketMQModuleOptions, fallbackFactory: RocketClientFactory): ResolvedCluster {
  const name = cluster.name ?? DEFAULT_CLUSTER;
  const client: ClientOptions = {
    nameServers: cluster.nameServers,
    instanceName: cluster.instanceName,
    namespace: cluster.namespace,
    credentials: cluster.credentials,
    requestTimeoutMs: cluster.requestTimeoutMs,
    pollNameServerIntervalMs: cluster.pollNameServerIntervalMs,
    heartbeatIntervalMs: cluster.heartbeatIntervalMs,
    logger: new NestLoggerAdapter(name === DEFAULT_CLUSTER ? 'RocketMQ' : `RocketMQ:${name}`),
  };
  return {
    name,
    client,
    producer: { ...client, ...cluster.producer },
    consumer: cluster.consumer ?? {},
    codec: cluster.codec ?? options.codec ?? jsonCodec,
    replyTimeoutMs: cluster.replyTimeoutMs ?? DEFAULT_REPLY_TIMEOUT_MS,
    delayLevelsMs: cluster.delayLevelsMs,
    placeholders: options.placeholders,
    clientFactory: options.clientFactory ?? fallbackFactory,
  };
}

function problemsOfNames(clusters: readonly RocketClusterOptions[], expected: readonly string[]): string[] {
  const names = clusters.map(({ name }) => name ?? DEFAULT_CLUSTER);
  const problems: string[] = [];
  if (clusters.length === 0) problems.push('clusters is empty; give at least one');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.push(`two clusters are named "${twice}"; give each its own name`);
  if ([...names].sort().join() !== [...expected].sort().join()) {
    problems.push(`the options name the clusters ${quoted(names)}, but the module was declared with ${quoted(expected)}; make clusterNames of forRootAsync the same`);
  }
  return problems;
}

function problemsOf(cluster: RocketClusterOptions): string[] {
  const at = (option: string): string => (cluster.name === undefined ? option : `${option} of cluster "${cluster.name}"`);
  const problems: string[] = problemsOfNameServers(cluster.nameServers, at('nameServers'));
  for (const [option, group] of [
    ['producer.group', cluster.producer?.group],
    ['consumer.group', cluster.consumer?.group],
  ] as const) {
    const problem = group === undefined ? undefined : validateGroupName(group);
    if (problem !== undefined) problems.push(`${at(option)}: ${problem}`);
  }
  const positive: [string, number | undefined][] = [
    ['requestTimeoutMs', cluster.requestTimeoutMs],
    ['replyTimeoutMs', cluster.replyTimeoutMs],
    ['producer.sendTimeoutMs', cluster.producer?.sendTimeoutMs],
    ['consumer.concurrency', cluster.consumer?.concurrency],
    ['consumer.pullBatchSize', cluster.consumer?.pullBatchSize],
  ];
  for (const [option, value] of positive) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) problems.push(`${at(option)} is ${String(value)}; it must be an integer above 0`);
  }
  return problems;
}

function problemsOfNameServers(nameServers: unknown, option: string): string[] {
  if (nameServers === undefined || nameServers === null || nameServers === '') return [`${option} is missing; give "host:port", e.g. "127.0.0.1:9876"`];
  if (typeof nameServers !== 'string' && !Array.isArray(nameServers)) return [`${option} is ${JSON.stringify(nameServers)}; give "host:port" or a list of them`];
  const addresses = typeof nameServers === 'string' ? nameServers.split(';') : nameServers;
  if (addresses.length === 0) return [`${option} is empty; give "host:port", e.g. "127.0.0.1:9876"`];
  return addresses
    .filter((address) => typeof address !== 'string' || !/^.+:\d{1,5}$/.test(address.trim()))
    .map((address) => `${option} contains ${JSON.stringify(address)}; an address is "host:port", e.g. "127.0.0.1:9876"`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ') || 'none';
}
