import { type Decoder, decodeBody, double, encodeBody, integer, list, object, objectKeyed, record, text } from '../json/body-decoder.js';

/** How far a group has got in a queue. Apache: OffsetWrapper.java. */
export interface OffsetWrapper {
  /** The queue's max offset. */
  readonly brokerOffset: number;
  readonly consumerOffset: number;
  /** How far messages were pulled. */
  readonly pullOffset: number;
  /** Store time of the last consumed message, ms. */
  readonly lastTimestamp: number;
}

/** How far a group has got; keys are those of `message-queue-key.ts`. Apache: ConsumeStats.java. */
export interface ConsumeStats {
  readonly offsetTable: ReadonlyMap<string, OffsetWrapper>;
  readonly consumeTps: number;
}

/** The same for all groups of a broker. Apache: ConsumeStatsList.java. */
export interface ConsumeStatsList {
  readonly brokerAddr: string;
  /** By group; each list has one element per topic. */
  readonly consumeStatsList: readonly Readonly<Record<string, readonly ConsumeStats[]>>[];
  readonly totalDiff: number;
  readonly totalInflightDiff: number;
}

const consumeStatsDecoder: Decoder<ConsumeStats> = object<ConsumeStats>({
  offsetTable: objectKeyed(
    object<OffsetWrapper>({ brokerOffset: integer(), consumerOffset: integer(), pullOffset: integer(), lastTimestamp: integer() }),
  ),
  consumeTps: double(),
});

const consumeStatsListDecoder: Decoder<ConsumeStatsList> = object<ConsumeStatsList>({
  brokerAddr: text(),
  consumeStatsList: list(record(list(consumeStatsDecoder))),
  totalDiff: integer(),
  totalInflightDiff: integer(),
});

export function encodeConsumeStats(value: ConsumeStats): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumeStats(body: Buffer): ConsumeStats {
  return decodeBody(body, consumeStatsDecoder, 'ConsumeStats');
}

export function encodeConsumeStatsList(value: ConsumeStatsList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumeStatsList(body: Buffer): ConsumeStatsList {
  return decodeBody(body, consumeStatsListDecoder, 'ConsumeStatsList');
}
