import { RocketMqError } from '../../../errors/rocketmq-error.js';

/** A piece of SQL with the parameters that belong to it. */
export interface Fragment {
  readonly parts: readonly string[];
  readonly params: readonly unknown[];
}

/** Values become parameters, fragments are spliced in. Text never gets into the statement from a value. */
export function sql(parts: TemplateStringsArray, ...values: readonly unknown[]): Fragment {
  const texts = [parts[0]];
  const params: unknown[] = [];
  values.forEach((value, index) => {
    if (isFragment(value)) {
      texts[texts.length - 1] += value.parts[0];
      texts.push(...value.parts.slice(1));
      params.push(...value.params);
      texts[texts.length - 1] += parts[index + 1];
    } else {
      params.push(value);
      texts.push(parts[index + 1]);
    }
  });
  return { parts: texts, params };
}

/** Text of our own as a fragment. Never for anything that comes from outside; see {@link identifier} for names. */
export function raw(text: string): Fragment {
  return { parts: [text], params: [] };
}

/** The statement's text with placeholders, by number from 1. */
export function render(fragment: Fragment, placeholder: (number: number) => string): string {
  return fragment.parts.reduce((text, part, index) => text + placeholder(index) + part);
}

/**
 * A table name, optionally with its schema, quoted. Throws `OPTION_INVALID` unless each part consists of letters,
 * digits and underscores, does not begin with a digit, and has at most 63 characters (PostgreSQL cuts longer ones).
 */
export function identifier(name: string): Fragment {
  const parts = name.split('.');
  if (parts.length > 2 || !parts.every((part) => /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(part))) {
    throw new RocketMqError('OPTION_INVALID', `the table name is '${name}'; use letters, digits and underscores, at most 63, with one optional schema before a dot`, {
      details: { name },
    });
  }
  return raw(parts.map((part) => `"${part}"`).join('.'));
}

function isFragment(value: unknown): value is Fragment {
  return typeof value === 'object' && value !== null && 'parts' in value && 'params' in value;
}
