import { bool, type Decoder, decodeBody, encodeBody, integer, object, oneOf, optionally, text } from '../json/body-decoder.js';

/** What became of a message consumed on request, in Apache's order (the Go client sends the index). Apache: CMResult.java. */
export const CONSUME_RESULTS = ['CR_SUCCESS', 'CR_LATER', 'CR_ROLLBACK', 'CR_COMMIT', 'CR_THROW_EXCEPTION', 'CR_RETURN_NULL'] as const;
export type ConsumeResult = (typeof CONSUME_RESULTS)[number];

/** Answer of a consumer that was asked to consume one message now. Apache: ConsumeMessageDirectlyResult.java. */
export interface ConsumeMessageDirectlyResult {
  readonly order: boolean;
  readonly autoCommit: boolean;
  readonly consumeResult?: ConsumeResult;
  /** Text of an error. */
  readonly remark?: string;
  /** Time it took, ms. Apache's spelling. */
  readonly spentTimeMills: number;
}

const resultDecoder: Decoder<ConsumeMessageDirectlyResult> = object<ConsumeMessageDirectlyResult>({
  order: bool(),
  autoCommit: bool(true),
  consumeResult: oneOf(CONSUME_RESULTS, undefined),
  remark: optionally(text()),
  spentTimeMills: integer(),
});

export function encodeConsumeMessageDirectlyResult(value: ConsumeMessageDirectlyResult): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumeMessageDirectlyResult(body: Buffer): ConsumeMessageDirectlyResult {
  return decodeBody(body, resultDecoder, 'ConsumeMessageDirectlyResult');
}
