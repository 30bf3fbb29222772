import { nearestName } from './nearest-name.js';
import type { OptionSchema } from './option-schema.js';
import type { OptionSource } from './resolve-options.js';

/** Variables with this prefix that are Apache's or belong to the start scripts, not option names. */
const NOT_OPTIONS = new Set(['ROCKETMQ_HOME', 'ROCKETMQ_SERIALIZE_TYPE', 'ROCKETMQ_CONFIG']);

/** Environment variable of an option: `listenPort` → `<prefix>LISTEN_PORT`, `brokerIP1` → `<prefix>BROKER_IP1`. */
export function variableOf(prefix: string, key: string): string {
  return prefix + key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toUpperCase();
}

/** One process's prefixes. */
export interface EnvironmentRules {
  /** Prefix of this schema's variables, e.g. `ROCKETMQ_`. */
  readonly prefix: string;
  /** Longer prefixes that belong to someone else and are passed over, e.g. `ROCKETMQ_NAMESRV_`. */
  readonly foreignPrefixes?: readonly string[];
  /** Whole variables of Apache's that stand for a key, e.g. `NAMESRV_ADDR`; weaker than the prefixed one. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Options that the environment sets, and warnings about variables with the prefix that set nothing. */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  schema: OptionSchema,
  rules: EnvironmentRules,
): { readonly sources: readonly OptionSource[]; readonly warnings: readonly string[] } {
  const keyOf = new Map(Object.keys(schema).map((key) => [variableOf(rules.prefix, key), key]));
  const sources: OptionSource[] = [];
  const warnings: string[] = [];
  const add = (variable: string, key: string, value: string): void => {
    sources.push({ name: `environment variable ${variable}`, values: new Map([[key, value]]) });
  };
  for (const [variable, key] of Object.entries(rules.aliases ?? {})) {
    const value = environment[variable];
    if (value) add(variable, key, value);
  }
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(rules.prefix) || value === undefined || NOT_OPTIONS.has(variable)) continue;
    const key = keyOf.get(variable);
    if (key !== undefined) add(variable, key, value);
    else if (!rules.foreignPrefixes?.some((prefix) => variable.startsWith(prefix))) {
      const near = nearestName(variable, keyOf.keys());
      warnings.push(`unknown environment variable ${variable}${near === undefined ? '; it has no effect' : `; did you mean ${near}?`}`);
    }
  }
  return { sources, warnings };
}
