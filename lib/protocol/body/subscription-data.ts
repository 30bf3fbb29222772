import { RocketMqError } from '../../errors/rocketmq-error.js';
import { bool, type Decoder, decodeBody, encodeBody, integer, list, object, optionally, text, wideInteger } from '../json/body-decoder.js';
import { tagsCodeOf } from '../message/tags-code.js';

/** How a subscription's expression is to be read. Apache: ExpressionType.java. */
export const EXPRESSION_TYPE = { TAG: 'TAG', SQL92: 'SQL92' } as const;
/** The expression that takes everything. */
export const SUBSCRIBE_ALL = '*';

/** What a consumer group wants of a topic. Apache: SubscriptionData.java. */
export interface SubscriptionData {
  readonly topic: string;
  /** `*`, tags joined by `||`, or a SQL92 condition. */
  readonly subString: string;
  /** Empty for `*` and for SQL92. */
  readonly tagsSet: readonly string[];
  /** Java hashes of {@link tagsSet}. */
  readonly codeSet: readonly number[];
  /** Compared by brokers; newer subscriptions have a greater one. Made from the clock: ms, or ns by the Go client (rounded here). */
  readonly subVersion: number;
  /** `TAG` or `SQL92`; brokers keep what they are given. */
  readonly expressionType: string;
  readonly classFilterMode: boolean;
}

export const subscriptionDataDecoder: Decoder<SubscriptionData> = object<SubscriptionData>({
  topic: text(),
  subString: text(),
  tagsSet: list(text()),
  codeSet: list(integer()),
  subVersion: wideInteger(),
  expressionType: text(EXPRESSION_TYPE.TAG),
  classFilterMode: bool(),
});

export function encodeSubscriptionData(value: SubscriptionData): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeSubscriptionData(body: Buffer): SubscriptionData {
  return decodeBody(body, subscriptionDataDecoder, 'SubscriptionData');
}

/**
 * Makes a subscription from an expression.
 * @param expression for tags: empty or `*` for all, else tags joined by `||`
 * @param type `TAG` or `SQL92`; absent or empty: `TAG`
 * @param version `subVersion` of the result, ms since the epoch
 * @throws RocketMqError `OPTION_INVALID` for tag expressions without a tag (`||`) and empty SQL92 conditions
 */
export function buildSubscriptionData(topic: string, expression: string | undefined, type: string | undefined, version: number): SubscriptionData {
  const base = { topic, subVersion: version, classFilterMode: false };
  if (type !== undefined && type !== '' && type !== EXPRESSION_TYPE.TAG) {
    if (expression === undefined || expression.trim() === '') throw badExpression(topic, expression ?? '', type, 'give a condition');
    return { ...base, subString: expression, tagsSet: [], codeSet: [], expressionType: type };
  }
  if (expression === undefined || expression === '' || expression === SUBSCRIBE_ALL) {
    return { ...base, subString: SUBSCRIBE_ALL, tagsSet: [], codeSet: [], expressionType: EXPRESSION_TYPE.TAG };
  }
  const tags = [...new Set(expression.split('||').map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  if (tags.length === 0) throw badExpression(topic, expression, EXPRESSION_TYPE.TAG, 'join tags by "||", or use "*" for all');
  return { ...base, subString: expression, tagsSet: tags, codeSet: [...new Set(tags.map(tagsCodeOf))], expressionType: EXPRESSION_TYPE.TAG };
}

function badExpression(topic: string, expression: string, type: string, remedy: string): RocketMqError {
  return new RocketMqError('OPTION_INVALID', `the ${type} expression "${expression}" for the topic "${topic}" selects nothing; ${remedy}`, {
    details: { topic, expression, type },
  });
}

/** A subscription to be checked before it is used. Apache: CheckClientRequestBody.java. */
export interface CheckClientConfigBody {
  readonly clientId: string;
  readonly group: string;
  readonly subscriptionData?: SubscriptionData;
  readonly namespace?: string;
}

const checkClientConfigDecoder: Decoder<CheckClientConfigBody> = object<CheckClientConfigBody>({
  clientId: text(),
  group: text(),
  subscriptionData: optionally(subscriptionDataDecoder),
  namespace: optionally(text()),
});

export function encodeCheckClientConfigBody(value: CheckClientConfigBody): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeCheckClientConfigBody(body: Buffer): CheckClientConfigBody {
  return decodeBody(body, checkClientConfigDecoder, 'CheckClientRequestBody');
}
