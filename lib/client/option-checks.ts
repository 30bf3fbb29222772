import { RocketMqError } from '../errors/rocketmq-error.js';

/** The error of an option whose value cannot be used. Never called with a secret. */
export function optionInvalid(name: string, value: unknown, expected: string): RocketMqError {
  const shown = typeof value === 'string' ? `"${value.slice(0, 64)}"` : String(value);
  return new RocketMqError('OPTION_INVALID', `the option "${name}" is ${shown}; give it ${expected}`, { details: { option: name, expected } });
}

/**
 * An integer option within bounds, or its default when absent.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function integerOption(name: string, value: number | undefined, fallback: number, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `an integer from ${min} on` : `an integer from ${min} to ${max}`;
  throw optionInvalid(name, value, range);
}

/**
 * One of several words, or the default when absent.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function choiceOption<T extends string>(name: string, value: T | undefined, fallback: T, choices: readonly T[]): T {
  if (value === undefined) return fallback;
  if (choices.includes(value)) return value;
  throw optionInvalid(name, value, `one of ${choices.join(', ')}`);
}
