import { type Decoder, decodeBody, double, encodeBody, integer, object, objectKeyed } from '../json/body-decoder.js';

/** Offsets of one queue. Apache: TopicOffset.java. */
export interface TopicOffset {
  readonly minOffset: number;
  readonly maxOffset: number;
  /** Store time of the newest message, ms; 0 when there is none. */
  readonly lastUpdateTimestamp: number;
}

/** Offsets of all queues of a topic; keys are those of `message-queue-key.ts`. Apache: TopicStatsTable.java. */
export interface TopicStats {
  readonly offsetTable: ReadonlyMap<string, TopicOffset>;
  readonly topicPutTps: number;
}

const topicStatsDecoder: Decoder<TopicStats> = object<TopicStats>({
  offsetTable: objectKeyed(object<TopicOffset>({ minOffset: integer(), maxOffset: integer(), lastUpdateTimestamp: integer() })),
  topicPutTps: double(),
});

export function encodeTopicStats(value: TopicStats): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicStats(body: Buffer): TopicStats {
  return decodeBody(body, topicStatsDecoder, 'TopicStatsTable');
}
