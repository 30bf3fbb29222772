import { validateGroupName } from '../protocol/topic-names.js';
import { RocketMqError } from '../errors/rocketmq-error.js';
import { parseAddress } from '../runtime/network.js';
import { silentLogger } from '../runtime/logger.js';
import type { Logger } from '../runtime/logger.js';
import type { ClientRuntime } from './client-runtime.js';
import { integerOption, optionInvalid } from './option-checks.js';
import type { ClientOptions, Credentials } from './types.js';

/** {@link ClientOptions} checked, with every default filled in. */
export interface ResolvedClientOptions {
  readonly nameServers: readonly string[];
  /** `ip@instanceName`; brokers know a client by it. */
  readonly clientId: string;
  readonly namespace: string | undefined;
  readonly credentials: Credentials | undefined;
  readonly requestTimeoutMs: number;
  readonly pollNameServerIntervalMs: number;
  readonly heartbeatIntervalMs: number;
  readonly logger: Logger;
}

/** Range of the random part of a default instance name. */
const INSTANCE_RANGE = 2 ** 47;

/**
 * Checks the options every client has.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function resolveClientOptions(options: ClientOptions, runtime: ClientRuntime): ResolvedClientOptions {
  const { credentials, namespace, instanceName } = options;
  if (credentials !== undefined && !(credentials.accessKey && credentials.secretKey)) {
    throw new RocketMqError('OPTION_INVALID', 'the option "credentials" lacks accessKey or secretKey; give both, or leave it out');
  }
  if (namespace !== undefined && validateGroupName(namespace) !== undefined) throw optionInvalid('namespace', namespace, 'letters, digits, "_" and "-"');
  if (instanceName !== undefined && instanceName.trim() === '') throw optionInvalid('instanceName', instanceName, 'a name, or leave it out');
  const instance = instanceName ?? `${runtime.processId}#${runtime.random.int(INSTANCE_RANGE)}`;
  return {
    nameServers: nameServerList(options.nameServers),
    clientId: `${runtime.localIp}@${instance}`,
    namespace,
    credentials,
    requestTimeoutMs: integerOption('requestTimeoutMs', options.requestTimeoutMs, 3_000, 1),
    pollNameServerIntervalMs: integerOption('pollNameServerIntervalMs', options.pollNameServerIntervalMs, 30_000, 10),
    heartbeatIntervalMs: integerOption('heartbeatIntervalMs', options.heartbeatIntervalMs, 30_000, 10),
    logger: options.logger ?? silentLogger,
  };
}

function nameServerList(value: ClientOptions['nameServers']): readonly string[] {
  const texts = typeof value === 'string' ? value.split(/[;,]/) : value;
  const addresses = (Array.isArray(texts) ? texts : []).map((text: string) => text.trim()).filter((text: string) => text !== '');
  if (addresses.length === 0) throw optionInvalid('nameServers', value, 'at least one address such as "127.0.0.1:9876"');
  for (const address of addresses) {
    if (parseAddress(address) === undefined) throw optionInvalid('nameServers', address, 'addresses in the form host:port');
  }
  return addresses;
}

/**
 * Checks a group name.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function checkedGroup(group: string | undefined): string {
  const problem = typeof group === 'string' ? validateGroupName(group) : 'the group name is missing; give the consumer or producer a group';
  if (problem !== undefined) throw new RocketMqError('OPTION_INVALID', problem, { details: { option: 'group', value: group } });
  return group as string;
}
