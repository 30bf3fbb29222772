/** A problem with attributes, as a sentence for the user. */
export class AttributeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AttributeError';
  }
}

/** One attribute a topic can have. */
interface AttributeRule {
  /** Whether it may change after the topic was created. */
  readonly changeable: boolean;
  /** What is wrong with a value; `undefined` when nothing is. */
  check(value: string): string | undefined;
}

const oneOf = (values: readonly string[]) => (value: string): string | undefined =>
  values.includes(value) ? undefined : `value is not in set: [${values.join(', ')}]`;

/** Attributes of topics. Apache: TopicAttributes.java, TopicMessageType.java. */
export const TOPIC_ATTRIBUTES: Readonly<Record<string, AttributeRule>> = {
  'queue.type': { changeable: false, check: oneOf(['BatchCQ', 'SimpleCQ']) },
  'cleanup.policy': { changeable: false, check: oneOf(['DELETE', 'COMPACTION']) },
  'message.type': { changeable: true, check: oneOf(['UNSPECIFIED', 'NORMAL', 'FIFO', 'DELAY', 'TRANSACTION', 'MIXED']) },
};

/**
 * Parses `+key=value,-key` as the create-topic header carries it; keys keep their sign. Apache: AttributeParser.java.
 * @throws AttributeError
 */
export function parseAttributeChanges(text: string | undefined): Record<string, string> {
  const changes: Record<string, string> = {};
  if (text === undefined || text === '') return changes;
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const key = equals < 0 ? part : part.slice(0, equals);
    const sign = equals < 0 ? '-' : '+';
    if (!key.includes(sign)) throw new AttributeError(`${sign === '+' ? 'add/alter' : 'delete'} attribute format is wrong: ${key}`);
    if (Object.hasOwn(changes, key)) throw new AttributeError(`key duplication: ${key}`);
    changes[key] = equals < 0 ? '' : part.slice(equals + 1);
  }
  return changes;
}

/**
 * Applies signed changes (`+key`, `-key`) to the attributes a thing has. Apache: AttributeUtil.java.
 * @param current the present attributes; `undefined` while the thing is being created
 * @throws AttributeError
 */
export function alterAttributes(
  rules: Readonly<Record<string, AttributeRule>>,
  current: Readonly<Record<string, string>> | undefined,
  changes: Readonly<Record<string, string>>,
): Record<string, string> {
  const result: Record<string, string> = { ...current };
  const seen = new Set<string>();
  for (const [signedKey, value] of Object.entries(changes)) {
    const key = signedKey.slice(1);
    if (key === '' || key.includes('+') || key.includes('-')) throw new AttributeError('kv string format wrong.');
    if (seen.has(key)) throw new AttributeError(`alter duplication key. key: ${key}`);
    seen.add(key);
    applyChange(rules, current, result, signedKey[0], key, value);
  }
  return result;
}

function applyChange(
  rules: Readonly<Record<string, AttributeRule>>,
  current: Readonly<Record<string, string>> | undefined,
  result: Record<string, string>,
  sign: string,
  key: string,
  value: string,
): void {
  if (current === undefined && sign !== '+') throw new AttributeError(`only add attribute is supported while creating topic. key: ${key}`);
  if (sign !== '+' && sign !== '-') throw new AttributeError(`wrong format key: ${key}`);
  if (sign === '-' && !Object.hasOwn(result, key)) throw new AttributeError(`attempt to delete a nonexistent key: ${key}`);
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
  if (rule === undefined) throw new AttributeError(`unsupported key: ${key}`);
  if (current !== undefined && !rule.changeable) throw new AttributeError(`attempt to update an unchangeable attribute. key: ${key}`);
  if (sign === '-') {
    delete result[key];
    return;
  }
  const problem = rule.check(value);
  if (problem !== undefined) throw new AttributeError(problem);
  result[key] = value;
}
