import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import { nearestName } from './nearest-name.js';
import type { OptionSchema, OptionsOf } from './option-schema.js';

/** Settings from one place: a file, the environment, the command line. */
export interface OptionSource {
  /** How errors call it, e.g. `conf/broker.properties`. */
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The outcome of {@link resolveOptions}. */
export interface ResolvedOptions<S extends OptionSchema> {
  readonly options: OptionsOf<S>;
  /** Keys that some source sets. */
  readonly given: ReadonlySet<keyof S & string>;
  /** One line each: settings that are probably a mistake. */
  readonly warnings: readonly string[];
  /** Apache's settings without a meaning here. */
  readonly unused: readonly string[];
}

/**
 * Puts options together: defaults, then each source over the ones before it.
 * @param unused names of Apache's settings that mean nothing here; they are listed, not warned of
 * @throws RocketMqError `CONFIG_INVALID` naming every wrong key, its value and what is allowed
 */
export function resolveOptions<S extends OptionSchema>(
  schema: S,
  sources: readonly OptionSource[],
  unused: ReadonlySet<string> = new Set(),
): ResolvedOptions<S> {
  const values = defaultsOf(schema);
  const given = new Set<string>();
  const warnings: string[] = [];
  const unusedGiven = new Set<string>();
  const problems: string[] = [];
  for (const source of sources) {
    for (const [key, rawText] of source.values) {
      const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
      if (spec === undefined) {
        if (unused.has(key)) unusedGiven.add(key);
        else warnings.push(unknownKey(key, source.name, schema, unused));
        continue;
      }
      const value = spec.parse(rawText.trim());
      if (value === undefined) problems.push(`${key}=${rawText.trim()} (${source.name}): allowed is ${spec.allowed}`);
      else values[key] = value;
      given.add(key);
    }
  }
  if (problems.length > 0) throw invalid(problems);
  return { options: values as OptionsOf<S>, given, warnings, unused: [...unusedGiven] };
}

/**
 * Options given by a program: defaults with `given` over them. `undefined` values count as not given.
 * @throws RocketMqError `CONFIG_INVALID`, also for unknown keys
 */
export function completeOptions<S extends OptionSchema>(schema: S, given: Partial<OptionsOf<S>>): OptionsOf<S> {
  const values = defaultsOf(schema);
  const problems: string[] = [];
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const spec = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (spec === undefined) problems.push(unknownKey(key, 'options', schema, new Set()));
    else if (!spec.accepts(value)) problems.push(`${key}=${String(value)}: allowed is ${spec.allowed}`);
    else values[key] = value;
  }
  if (problems.length > 0) throw invalid(problems);
  return values as OptionsOf<S>;
}

/** Options as `key → text`, in the order of the schema. */
export function optionTexts<S extends OptionSchema>(schema: S, options: OptionsOf<S>): [string, string][] {
  return Object.keys(schema).map((key) => [key, String(options[key])]);
}

/** An error that lists what is wrong with a configuration. */
export function invalid(problems: readonly string[]): RocketMqError {
  const message = problems.length === 1 ? `wrong setting: ${problems[0]}` : `wrong settings:\n  ${problems.join('\n  ')}`;
  return new RocketMqError('CONFIG_INVALID', message, { details: { problems } });
}

function defaultsOf(schema: OptionSchema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).map(([key, spec]) => [key, spec.fallback]));
}

function unknownKey(key: string, source: string, schema: OptionSchema, unused: ReadonlySet<string>): string {
  const near = nearestName(key, [...Object.keys(schema), ...unused]);
  return `unknown setting ${key} (${source})${near === undefined ? '; it has no effect' : `; did you mean ${near}?`}`;
}
