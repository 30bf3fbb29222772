import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { FileSystem } from '../../lib/runtime/file-system.js';
import { BROKER_SCHEMA, deriveBrokerOptions, UNUSED_BROKER_KEYS, type BrokerOptions } from './broker-options.js';
import { readEnvironment, type EnvironmentRules } from './environment.js';
import type { LocalHost } from './local-host.js';
import { deriveNameServerOptions, NAME_SERVER_SCHEMA, UNUSED_NAME_SERVER_KEYS, type NameServerOptions } from './name-server-options.js';
import type { OptionSchema } from './option-schema.js';
import { MalformedPropertiesError, parseProperties } from './properties.js';
import { resolveOptions, type OptionSource, type ResolvedOptions } from './resolve-options.js';

/** Environment variables of a broker: `ROCKETMQ_LISTEN_PORT`, `ROCKETMQ_BROKER_IP1`, …, and Apache's `NAMESRV_ADDR`. */
export const BROKER_ENVIRONMENT: EnvironmentRules = {
  prefix: 'ROCKETMQ_',
  foreignPrefixes: ['ROCKETMQ_NAMESRV_'],
  aliases: { NAMESRV_ADDR: 'namesrvAddr' },
};

/** Environment variables of a NameServer: `ROCKETMQ_NAMESRV_LISTEN_PORT`, …. */
export const NAME_SERVER_ENVIRONMENT: EnvironmentRules = { prefix: 'ROCKETMQ_NAMESRV_', foreignPrefixes: ['ROCKETMQ_NAMESRV_ADDR'] };

/** Where settings come from, the later over the earlier: file, environment, command line. */
export interface ConfigInputs {
  /** Path of a `.properties` file. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `key=value` settings of the command line. */
  readonly flags: ReadonlyMap<string, string>;
}

/** Settings with what is to be said about how they were given. */
export interface LoadedOptions<T> {
  readonly options: T;
  /** Keys that some source sets. */
  readonly given: ReadonlySet<string>;
  /** One line each: settings that are probably a mistake. */
  readonly warnings: readonly string[];
  /** Apache's settings without a meaning here. */
  readonly unused: readonly string[];
}

/**
 * A broker's settings.
 * @param adjust changes defaults before they are derived, e.g. for standalone
 * @throws RocketMqError `CONFIG_INVALID`
 */
export function loadBrokerOptions(
  inputs: ConfigInputs,
  files: FileSystem,
  host: LocalHost,
  adjust: (options: BrokerOptions, given: ReadonlySet<string>) => BrokerOptions = (options) => options,
): LoadedOptions<BrokerOptions> {
  const loaded = load(inputs, files, BROKER_SCHEMA, BROKER_ENVIRONMENT, UNUSED_BROKER_KEYS);
  return { ...loaded, options: deriveBrokerOptions(adjust(loaded.options, loaded.given), host) };
}

/** A NameServer's settings. @throws RocketMqError `CONFIG_INVALID` */
export function loadNameServerOptions(inputs: ConfigInputs, files: FileSystem, host: LocalHost): LoadedOptions<NameServerOptions> {
  const loaded = load(inputs, files, NAME_SERVER_SCHEMA, NAME_SERVER_ENVIRONMENT, UNUSED_NAME_SERVER_KEYS);
  return { ...loaded, options: deriveNameServerOptions(loaded.options, host) };
}

/** Reads a `.properties` file. @throws RocketMqError `CONFIG_INVALID` when it is missing or unreadable */
export function readPropertiesFile(path: string, files: FileSystem): Map<string, string> {
  let content: Buffer | undefined;
  try {
    content = files.readFile(path);
  } catch (cause) {
    throw unreadable(path, (cause as Error).message, cause);
  }
  if (content === undefined) throw unreadable(path, 'there is no such file');
  try {
    return parseProperties(content);
  } catch (cause) {
    if (cause instanceof MalformedPropertiesError) throw unreadable(path, cause.message, cause);
    throw cause;
  }
}

function load<S extends OptionSchema>(
  inputs: ConfigInputs,
  files: FileSystem,
  schema: S,
  rules: EnvironmentRules,
  unused: ReadonlySet<string>,
): ResolvedOptions<S> {
  const sources: OptionSource[] = [];
  if (inputs.file !== undefined) sources.push({ name: inputs.file, values: readPropertiesFile(inputs.file, files) });
  const environment = readEnvironment(inputs.environment, schema, rules);
  sources.push(...environment.sources, { name: 'command line', values: inputs.flags });
  const resolved = resolveOptions(schema, sources, unused);
  return { ...resolved, warnings: [...environment.warnings, ...resolved.warnings] };
}

function unreadable(path: string, why: string, cause?: unknown): RocketMqError {
  return new RocketMqError('CONFIG_INVALID', `cannot read the configuration file ${path}: ${why}`, { details: { path }, cause });
}
