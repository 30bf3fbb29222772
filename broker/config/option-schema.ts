/** What an option's value may be, in words for errors and in checks. */
export interface OptionSpec<T = unknown> {
  /** What the option means, with its unit. */
  readonly description: string;
  /** Value when nothing sets it. */
  readonly fallback: T;
  /** What is allowed, e.g. `an integer from 1 to 65535`. */
  readonly allowed: string;
  /** The value of a text (already trimmed); `undefined` when the text is not allowed. */
  readonly parse: (text: string) => T | undefined;
  /** Whether a value given by a program is allowed. */
  readonly accepts: (value: unknown) => boolean;
}

/** Options of a process by their name in the configuration file. */
export type OptionSchema = Readonly<Record<string, OptionSpec>>;

/** The object a schema describes. */
export type OptionsOf<S extends OptionSchema> = { readonly [K in keyof S]: S[K]['fallback'] };

const INTEGER = /^[+-]?\d+$/;

/** An integer within bounds, both included. */
export function integer(description: string, fallback: number, bounds: { min?: number; max?: number } = {}): OptionSpec<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds;
  const accepts = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return {
    description,
    fallback,
    allowed: max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
    parse: (text) => (INTEGER.test(text) && accepts(Number(text)) ? Number(text) : undefined),
    accepts,
  };
}

/** A TCP port; 0 lets the system choose. */
export function port(description: string, fallback: number): OptionSpec<number> {
  return integer(description, fallback, { min: 0, max: 65_535 });
}

/** A TCP port that follows from another option unless it is set: -1. */
export function derivedPort(description: string): OptionSpec<number> {
  return integer(description, -1, { min: -1, max: 65_535 });
}

/** `true` or `false`. */
export function flag(description: string, fallback: boolean): OptionSpec<boolean> {
  return {
    description,
    fallback,
    allowed: 'true or false',
    parse: (text) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined),
    accepts: (value) => typeof value === 'boolean',
  };
}

/** Text; an empty one means "not set". `pattern` and `allowed` narrow what it may be. */
export function text(description: string, fallback = '', rule: { pattern?: RegExp; allowed?: string } = {}): OptionSpec<string> {
  const matches = (value: string): boolean => rule.pattern === undefined || value === '' || rule.pattern.test(value);
  return {
    description,
    fallback,
    allowed: rule.allowed ?? 'any text',
    parse: (value) => (matches(value) ? value : undefined),
    accepts: (value) => typeof value === 'string' && matches(value),
  };
}

/** One of several names, written as they are. */
export function oneOf<const T extends string>(description: string, values: readonly T[], fallback: NoInfer<T>): OptionSpec<T> {
  return {
    description,
    fallback,
    allowed: values.join(' or '),
    parse: (value) => values.find((candidate) => candidate === value),
    accepts: (value) => values.includes(value as T),
  };
}

/** A switch of Apache's that only has one possible value here; the other one stops the start instead of being ignored. */
export function always<const T extends string | boolean>(value: T, why: string): OptionSpec<T> {
  return {
    description: `Always ${String(value)}: ${why}`,
    fallback: value,
    allowed: `only ${String(value)}, because ${why}`,
    parse: (given) => (given.toLowerCase() === String(value).toLowerCase() ? value : undefined),
    accepts: (given) => given === value,
  };
}
